package io.tacit.testing;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Prints, at the end of a test run, every test that was skipped or aborted, and why: a green build
 * must not hide what it did not check. A reason ends in what to do about it, {@code "...; remedy:
 * ..."}.
 *
 * <p>The launcher swallows what a listener throws, so a listener can not fail a build. Instead the
 * lines also go to the file named by the system property {@value #FILE_PROPERTY}, and the build
 * fails on that file when the environment has {@code TACIT_SKIPS=fail} (see the root pom.xml).
 *
 * <p>Registered for the JUnit launcher in {@code META-INF/services}. Thread-safe.
 */
public final class SkippedTests implements TestExecutionListener {

  /** Names the file that the lines are appended to; unset means no file. */
  public static final String FILE_PROPERTY = "tacit.skipped-tests";

  private static final String REMEDY = "remedy:";

  private final List<String> lines = new ArrayList<>();
  private final PrintStream out;
  private final @Nullable Path file;

  /** For the launcher: standard output, and the file of {@value #FILE_PROPERTY}. */
  public SkippedTests() {
    this(System.out, Optional.ofNullable(System.getProperty(FILE_PROPERTY)).map(Path::of));
  }

  SkippedTests(PrintStream out, Optional<Path> file) {
    this.out = out;
    this.file = file.orElse(null);
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    add(test, reason);
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
      add(test, result.getThrowable().map(Throwable::getMessage).orElse("aborted"));
    }
  }

  @Override
  public synchronized void testPlanExecutionFinished(TestPlan plan) {
    if (lines.isEmpty()) {
      return;
    }
    out.println("---- " + lines.size() + " skipped ----");
    lines.forEach(out::println);
    out.println("-".repeat(19 + String.valueOf(lines.size()).length()));
    out.flush();
    lines.clear();
  }

  private synchronized void add(TestIdentifier test, String reason) {
    String line = name(test) + ": " + oneLine(reason);
    lines.add(line);
    if (file != null) {
      append(file, line);
    }
  }

  private static String name(TestIdentifier test) {
    TestSource source = test.getSource().orElse(null);
    if (source instanceof MethodSource method) {
      String name = simpleName(method.getClassName()) + "." + method.getMethodName();
      // Invocations of a parameterised test share the method; their display name tells them apart.
      return test.getDisplayName().startsWith(method.getMethodName())
          ? name
          : name + " " + test.getDisplayName();
    }
    return source instanceof ClassSource type
        ? simpleName(type.getClassName())
        : test.getDisplayName();
  }

  private static String simpleName(String className) {
    return className.substring(className.lastIndexOf('.') + 1);
  }

  private static String oneLine(String reason) {
    String line = reason.lines().map(String::strip).collect(joining(" "));
    return line.contains(REMEDY)
        ? line
        : line + " (says no remedy; end the reason in \"; " + REMEDY + " ...\")";
  }

  private static void append(Path file, String line) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("could not note a skipped test in " + file, e);
    }
  }
}
