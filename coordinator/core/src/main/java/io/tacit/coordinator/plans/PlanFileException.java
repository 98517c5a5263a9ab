package io.tacit.coordinator.plans;

import io.tacit.protocol.plan.InvalidPlanException;
import org.jspecify.annotations.Nullable;

/**
 * A plan file that can not be read as a plan. The message says where, which field, its value, what
 * is allowed and what to do.
 */
public final class PlanFileException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final int line;
  private final int column;
  private final @Nullable InvalidPlanException fault;

  private PlanFileException(String message, Place place, @Nullable InvalidPlanException fault) {
    super(place + ": " + message, fault);
    this.line = place.line();
    this.column = place.column();
    this.fault = fault;
  }

  /** A text that is no YAML or JSON of the kind that plan files are. */
  static PlanFileException syntax(Place place, String message) {
    return new PlanFileException(message, place, null);
  }

  /** A field that is wrong. */
  static PlanFileException field(Place place, InvalidPlanException fault) {
    return new PlanFileException(String.valueOf(fault.getMessage()), place, fault);
  }

  /** Line of the text, from 1. */
  public int line() {
    return line;
  }

  /** Column of the line, from 1. */
  public int column() {
    return column;
  }

  /** Field, value, allowed range and remedy; null if the text has no such structure at all. */
  public @Nullable InvalidPlanException fault() {
    return fault;
  }
}
