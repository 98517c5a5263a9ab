package io.tacit.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Javadoc and the check of the API leave out exactly the packages that are marked as internal. */
class PublicApiTest {

  private static final Path MODULE =
      Path.of(System.getProperty("tacit.root"), "client-sdk", "core");
  private static final Path SOURCES = MODULE.resolve("src/main/java");

  @Test
  void javadoc_leaves_out_what_is_internal() throws IOException {
    String packages = only("<javadoc\\.internal>(.*)</javadoc\\.internal>");
    assertThat(Arrays.asList(packages.split(":"))).containsExactlyElementsOf(internalPackages());
  }

  @Test
  void the_check_of_the_api_leaves_out_what_is_internal() throws IOException {
    assertThat(all("<exclude>(io\\.tacit\\.client.*)</exclude>"))
        .containsExactlyElementsOf(internalPackages());
  }

  private static List<String> internalPackages() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files
          .filter(file -> file.endsWith("package-info.java") && isInternal(file))
          .map(file -> SOURCES.relativize(file.getParent()).toString().replace('/', '.'))
          .sorted()
          .collect(Collectors.toList());
    }
  }

  private static boolean isInternal(Path packageInfo) {
    try {
      return Files.readString(packageInfo).contains("\n@Internal\n");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String only(String pattern) throws IOException {
    List<String> found = all(pattern);
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private static List<String> all(String pattern) throws IOException {
    return Pattern.compile(pattern)
        .matcher(Files.readString(MODULE.resolve("pom.xml")))
        .results()
        .map(MatchResult::group)
        .map(found -> found.replaceAll("<[^>]*>", ""))
        .collect(Collectors.toList());
  }
}
