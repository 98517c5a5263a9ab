package io.tacit.cli.page;

import java.util.Locale;

/** Where an axis has its marks. */
final class Scale {

  private static final int MARKS_AIMED_AT = 5;

  private Scale() {}

  /** A round step, 1, 2 or 5 times a power of ten, that divides a range into about five. */
  static double step(double range) {
    if (!(range > 0)) {
      return 1;
    }
    double rough = range / MARKS_AIMED_AT;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double digit = rough / power;
    return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
  }

  /** A mark's text: no more digits than it needs. */
  static String tick(double value) {
    String text = String.format(Locale.ROOT, "%.3f", value);
    return text.replaceAll("0+$", "").replaceAll("\\.$", "");
  }
}
