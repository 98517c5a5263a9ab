package io.tacit.coordinator.service.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tacit.protocol.plan.InvalidPlanException;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong with a request (RFC 9457).
 *
 * @param type always {@code about:blank}: the status says the kind
 * @param title the kind in words
 * @param status HTTP status
 * @param detail one whole sentence: what, the value, what is allowed, what to do
 * @param field path of the field at fault, as plan files spell it, or the query parameter
 * @param value what it is
 * @param allowed what it may be
 * @param remedy what to do
 * @param line of the plan file, from 1
 * @param column of the line, from 1
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Problem(
    String type,
    String title,
    int status,
    String detail,
    @Nullable String field,
    @Nullable String value,
    @Nullable String allowed,
    @Nullable String remedy,
    @Nullable Integer line,
    @Nullable Integer column) {

  /** Media type of problems. */
  static final String MEDIA_TYPE = "application/problem+json";

  static Problem of(int status, String title, String detail) {
    return new Problem("about:blank", title, status, detail, null, null, null, null, null, null);
  }

  /** This problem, with the field that a plan was refused for. */
  Problem at(InvalidPlanException fault) {
    return new Problem(
        type,
        title,
        status,
        detail,
        fault.field(),
        fault.value(),
        fault.allowed(),
        fault.remedy(),
        line,
        column);
  }

  /** This problem, with the place in the plan file. */
  Problem at(int inLine, int inColumn) {
    return new Problem(
        type, title, status, detail, field, value, allowed, remedy, inLine, inColumn);
  }

  /** This problem, with what to do about it. */
  Problem with(String whatToDo) {
    return new Problem(type, title, status, detail, field, value, allowed, whatToDo, line, column);
  }
}
