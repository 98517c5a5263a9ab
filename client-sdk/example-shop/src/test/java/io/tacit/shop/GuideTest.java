package io.tacit.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Java in docs/guides/embed.md is cut from sources that are compiled and tested. In front of each
 * snippet stands {@code <!-- File.java#region -->}, and the region is in that file between {@code
 * // tag::region[]} and {@code // end::region[]}.
 */
class GuideTest {

  private static final Path ROOT = Path.of(System.getProperty("tacit.root"));
  private static final Path MODULE = ROOT.resolve("client-sdk/example-shop/src");
  private static final Pattern SNIPPET =
      Pattern.compile("(?:<!-- (\\S+)#(\\S+) -->\n)?```java\n(.*?)```\n", Pattern.DOTALL);

  private record Snippet(String file, String region, String text) {}

  private static List<Snippet> snippets() throws IOException {
    Matcher found = SNIPPET.matcher(Files.readString(ROOT.resolve("docs/guides/embed.md")));
    List<Snippet> snippets = new ArrayList<>();
    while (found.find()) {
      assertThat(found.group(1)).as("source of the snippet:\n%s", found.group(3)).isNotNull();
      snippets.add(new Snippet(found.group(1), found.group(2), found.group(3)));
    }
    return snippets;
  }

  @TestFactory
  List<DynamicTest> snippets_are_what_is_compiled() throws IOException {
    return snippets().stream()
        .map(
            snippet ->
                DynamicTest.dynamicTest(
                    snippet.file + "#" + snippet.region,
                    () ->
                        assertThat(snippet.text)
                            .as("put the region of the source into the guide")
                            .isEqualTo(region(snippet.file, snippet.region))))
        .toList();
  }

  @Test
  void ten_lines_are_enough_for_a_first_integration() throws IOException {
    Snippet first = snippets().get(0);
    assertThat(first.region).isEqualTo("first");
    assertThat(first.text.lines()).hasSizeLessThanOrEqualTo(10);
  }

  private static String region(String file, String name) throws IOException {
    Path source;
    try (Stream<Path> files = Files.walk(MODULE)) {
      source = files.filter(path -> path.endsWith(file)).findFirst().orElseThrow();
    }
    List<String> lines = Files.readAllLines(source);
    int from = index(lines, "// tag::" + name + "[]");
    List<String> region =
        new ArrayList<>(lines.subList(from + 1, index(lines, "// end::" + name + "[]")));
    while (region.get(region.size() - 1).isBlank()) {
      region.remove(region.size() - 1);
    }
    region.removeIf(line -> line.contains("// tag::") || line.contains("// end::"));
    return String.join("\n", region).stripIndent() + "\n";
  }

  private static int index(List<String> lines, String mark) {
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).strip().equals(mark)) {
        return i;
      }
    }
    throw new AssertionError("there is no " + mark);
  }
}
