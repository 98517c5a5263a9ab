package io.tacit.protocol;

import java.util.regex.Pattern;

/** The one alphabet for names that travel: they must be safe in logs, URLs and file names. */
public final class Names {

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

  private Names() {}

  /** Whether the text is a name. */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /**
   * Checks a name.
   *
   * @throws IllegalArgumentException naming what, the value (shortened) and the allowed alphabet
   */
  public static String check(String what, String text) {
    if (!isName(text)) {
      String shown = text.length() <= 80 ? text : text.substring(0, 80) + "...";
      throw new IllegalArgumentException(
          what
              + " is \""
              + shown
              + "\", must be 1 to 64 characters of a-z 0-9 - . _ and begin with a letter or digit");
    }
    return text;
  }
}
