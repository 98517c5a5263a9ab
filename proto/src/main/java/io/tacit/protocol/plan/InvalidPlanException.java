package io.tacit.protocol.plan;

/** A plan that can not be carried out. The message says field, value, allowed range and remedy. */
public final class InvalidPlanException extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  private final String field;
  private final String value;
  private final String allowed;
  private final String remedy;

  /**
   * @param field path of the field as plan files spell it, e.g. {@code cohort.minimum}
   * @param value what it is
   * @param allowed what it may be
   * @param remedy what to do, as an imperative
   */
  public InvalidPlanException(String field, Object value, String allowed, String remedy) {
    super(field + " is " + value + ", must be " + allowed + "; " + remedy);
    this.field = field;
    this.value = String.valueOf(value);
    this.allowed = allowed;
    this.remedy = remedy;
  }

  /** Path of the field as plan files spell it. */
  public String field() {
    return field;
  }

  /** The refused value. */
  public String value() {
    return value;
  }

  /** The allowed range, in words. */
  public String allowed() {
    return allowed;
  }

  /** What to do. */
  public String remedy() {
    return remedy;
  }
}
