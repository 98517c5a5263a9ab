package io.tacit.protocol.plan;

import org.jspecify.annotations.Nullable;

/** A plan that can not be carried out. The message says field, value, allowed range and remedy. */
public final class InvalidPlanException extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  private final String field;
  private final @Nullable String value;
  private final @Nullable String allowed;
  private final @Nullable String remedy;
  private final boolean isNewer;

  /**
   * @param field path of the field as plan files spell it, e.g. {@code cohort.minimum}
   * @param value what it is
   * @param allowed what it may be
   * @param remedy what to do, as an imperative
   */
  public InvalidPlanException(String field, Object value, String allowed, String remedy) {
    this(field, value, allowed, remedy, false);
  }

  private InvalidPlanException(
      String field, Object value, String allowed, String remedy, boolean isNewer) {
    super(field + " is " + value + ", must be " + allowed + "; " + remedy);
    this.field = field;
    this.value = String.valueOf(value);
    this.allowed = allowed;
    this.remedy = remedy;
    this.isNewer = isNewer;
  }

  private InvalidPlanException(String field, IllegalArgumentException cause) {
    super(field + ": " + cause.getMessage(), cause);
    this.field = field;
    this.value = null;
    this.allowed = null;
    this.remedy = null;
    this.isNewer = false;
  }

  /** A field that says what only a newer version of this software can know. */
  public static InvalidPlanException newer(String field, Object value, String allowed) {
    return new InvalidPlanException(
        field, value, allowed, "update this software; on a device, the app's SDK", true);
  }

  /** A part of the plan whose own refusal, a whole sentence, says what is wrong with it. */
  public static InvalidPlanException because(String field, IllegalArgumentException cause) {
    return new InvalidPlanException(field, cause);
  }

  /** Whether a newer version of this software could carry the plan out. */
  public boolean isNewer() {
    return isNewer;
  }

  /** What is wrong, without what to do: for somebody to whom that is said in other words. */
  public String finding() {
    return remedy == null
        ? String.valueOf(getMessage())
        : field + " is " + value + ", must be " + allowed;
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
