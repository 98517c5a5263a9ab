package io.tacit.cli.evaluate;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** The seeds that an option names. */
final class Seeds {

  /** What {@link #parse} accepts, for help texts. */
  static final String FORMS = "N (seeds 1 to N) | A-B | A,B,...";

  private static final Pattern COUNT = Pattern.compile("[0-9]{1,3}");
  private static final Pattern RANGE = Pattern.compile("([0-9]{1,9})-([0-9]{1,9})");
  private static final Pattern LIST = Pattern.compile("[0-9]{1,18}(,[0-9]{1,18})+");

  /** A range of more is a slip of the finger, and would fill memory before anyone counts it. */
  private static final long RANGE_MAX = 1_000;

  private Seeds() {}

  /**
   * Reads one of {@link #FORMS}.
   *
   * @throws IllegalArgumentException for any other text, listing the forms
   */
  static List<Long> parse(String text) {
    if (COUNT.matcher(text).matches()) {
      return range(1, Long.parseLong(text));
    }
    Matcher range = RANGE.matcher(text);
    if (range.matches()) {
      long first = Long.parseLong(range.group(1));
      long last = Long.parseLong(range.group(2));
      if (last - first < RANGE_MAX) {
        return range(first, last);
      }
    }
    if (LIST.matcher(text).matches()) {
      return Arrays.stream(text.split(",")).map(Long::valueOf).collect(Collectors.toList());
    }
    throw new IllegalArgumentException("--seeds is \"" + text + "\", must be one of: " + FORMS);
  }

  private static List<Long> range(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().collect(Collectors.toList());
  }
}
