package io.tacit.protocol.plan;

import org.jspecify.annotations.Nullable;

/** A plan that can not be carried out. The message says field, value, allowed range and remedy. */
public final class InvalidPlanException extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  private final String field;
  private final @Nullable String value;
  private final @Nullable String allowed;
  private final @Nullable String remedy;

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

  private InvalidPlanException(String field, IllegalArgumentException cause) {
    super(field + ": " + cause.getMessage(), cause);
    this.field = field;
    this.value = null;
    this.allowed = null;
    this.remedy = null;
  }

  /** A part of the plan whose own refusal, a whole sentence, says what is wrong with it. */
  public static InvalidPlanException because(String field, IllegalArgumentException cause) {
    return new InvalidPlanException(field, cause);
  }

  /** Path of the field as plan files spell it. */
  public String field() {
    return field;
  }

  /** The refused value; null if only the message knows it. */
  public @Nullable String value() {
    return value;
  }

  /** The allowed range, in words; null if only the message knows it. */
  public @Nullable String allowed() {
    return allowed;
  }

  /** What to do; null if only the message knows it. */
  public @Nullable String remedy() {
    return remedy;
  }
}
