package io.tacit.protocol;

/** The one alphabet for names that travel: they must be safe in logs, URLs and file names. */
public final class Names {

  private static final int LENGTH_MAX = 64;

  private Names() {}

  /** Whether the text is a name. */
  public static boolean isName(String text) {
    return isName(text, LENGTH_MAX);
  }

  /**
   * Whether the text would be a name if names could be so long.
   *
   * @param lengthMax characters, at least 1
   */
  public static boolean isName(String text, int lengthMax) {
    // No regular expression: the first one of a process takes longer than all else of a start's
    // first call.
    if (text.isEmpty() || text.length() > lengthMax || !isLetterOrDigit(text.charAt(0))) {
      return false;
    }
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isLetterOrDigit(c) && c != '.' && c != '_' && c != '-') {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetterOrDigit(char c) {
    return c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
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
