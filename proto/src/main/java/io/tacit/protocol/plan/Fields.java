package io.tacit.protocol.plan;

/** The checks that the parts of a plan share. */
final class Fields {

  private Fields() {}

  static void within(String field, long value, long min, long max, String remedy) {
    if (value < min || value > max) {
      throw new InvalidPlanException(field, value, min + " to " + max, remedy);
    }
  }

  /** Also refuses NaN and infinity. */
  static void within(String field, double value, double min, double max, String remedy) {
    if (!(value >= min && value <= max)) {
      throw new InvalidPlanException(field, value, min + " to " + max, remedy);
    }
  }
}
