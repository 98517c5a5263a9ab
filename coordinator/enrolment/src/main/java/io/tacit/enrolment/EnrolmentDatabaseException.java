package io.tacit.enrolment;

import java.sql.SQLException;

/**
 * The authority's database can not be reached, or refused a statement. Nothing was answered;
 * whether the transaction took effect is open, and the same request again finds out.
 */
public final class EnrolmentDatabaseException extends RuntimeException {

  private static final long serialVersionUID = 1;

  EnrolmentDatabaseException(SQLException cause) {
    super(
        "the enrolment database failed (SQL state "
            + cause.getSQLState()
            + ": "
            + cause.getMessage()
            + "); check that it runs, that no other process has its file open, and that the disk"
            + " has space",
        cause);
  }
}
