package io.tacit.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

class SkippedTestsTest {

  private static final String NO_REMEDY = " (says no remedy; end the reason in \"; remedy: ...\")";

  @TempDir Path directory;

  @Test
  void prints_skipped_and_aborted_tests_with_their_reasons() {
    assertThat(run(SomeSkipped.class).split("\n"))
        .startsWith("---- 4 skipped ----")
        .contains(
            "SkippedTestsTest$SomeSkipped.waits_for_data: no data here; remedy: set TACIT_DATA",
            "SkippedTestsTest$SomeSkipped.says_nothing: Assumption failed: it is late" + NO_REMEDY,
            "SkippedTestsTest$SomeSkipped.takes_two [1] number=1: Assumption failed: 1 is odd"
                + NO_REMEDY)
        .contains("SkippedTestsTest$SomeSkipped.has_two_lines: first second; remedy: none needed");
  }

  @Test
  void prints_a_skipped_class_once() {
    assertThat(run(AllSkipped.class))
        .startsWith(
            "---- 1 skipped ----\nSkippedTestsTest$AllSkipped: no display; remedy: get one\n");
  }

  @Test
  void prints_nothing_when_nothing_was_skipped() {
    assertThat(run(NoneSkipped.class)).isEmpty();
    assertThat(file()).doesNotExist();
  }

  @Test
  void appends_one_line_a_test_to_the_file() throws IOException {
    run(AllSkipped.class);
    run(SomeSkipped.class);

    assertThat(Files.readAllLines(file()))
        .hasSize(5)
        .startsWith("SkippedTestsTest$AllSkipped: no display; remedy: get one");
  }

  @Test
  void is_registered_for_the_launcher() {
    assertThat(ServiceLoader.load(TestExecutionListener.class))
        .hasAtLeastOneElementOfType(SkippedTests.class);
  }

  private Path file() {
    return directory.resolve("target").resolve("skipped-tests.txt");
  }

  private String run(Class<?> sample) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    SkippedTests listener =
        new SkippedTests(new PrintStream(printed, true, UTF_8), Optional.of(file()));
    // Without auto-registration: what the samples skip must not count as skipped in this build.
    LauncherConfig config =
        LauncherConfig.builder()
            .enableTestExecutionListenerAutoRegistration(false)
            .addTestExecutionListeners(listener)
            .build();
    LauncherFactory.create(config)
        .execute(LauncherDiscoveryRequestBuilder.request().selectors(selectClass(sample)).build());
    return printed.toString(UTF_8).replace(System.lineSeparator(), "\n");
  }

  static class SomeSkipped {

    @Test
    @Disabled("no data here; remedy: set TACIT_DATA")
    void waits_for_data() {}

    @Test
    @Disabled("first\n  second; remedy: none needed")
    void has_two_lines() {}

    @Test
    void says_nothing() {
      assumeTrue(false, "it is late");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void takes_two(int number) {
      assumeTrue(number % 2 == 0, number + " is odd");
    }

    @Test
    void runs() {}
  }

  @Disabled("no display; remedy: get one")
  static class AllSkipped {

    @Test
    void one() {}

    @Test
    void two() {}
  }

  static class NoneSkipped {

    @Test
    void runs() {}
  }
}
