package io.tacit.coordinator.plans;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** How plan files spell words, and which word was meant by a misspelt one. */
final class Spelling {

  private Spelling() {}

  /** {@code FED_ADAM} is spelt {@code fed-adam}. */
  static String ofEnum(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * What to do about a word that is none of the candidates: the nearest of them by edit distance
   * (Levenshtein), unless the word looks like none.
   */
  static String remedy(String word, List<String> candidates) {
    // Beyond 64 characters the rest does not help, and the cost is quadratic.
    String start = word.substring(0, Math.min(word.length(), 64));
    String nearest =
        candidates.stream()
            .min(Comparator.comparingInt(candidate -> distance(start, candidate)))
            .orElseThrow();
    return distance(start, nearest) <= Math.max(2, nearest.length() / 2)
        ? "did you mean " + nearest + "?"
        : "use one of them, or remove it";
  }

  private static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int substituted = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[other.length()];
  }
}
