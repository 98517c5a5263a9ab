package io.tacit.coordinator.database;

import java.sql.SQLException;

/** A statement that the database refused. As this class itself it is a bug in the statement. */
public class DatabaseException extends RuntimeException {

  private static final long serialVersionUID = 1;

  DatabaseException(String message, SQLException cause) {
    super(message + " (SQL state " + cause.getSQLState() + ": " + cause.getMessage() + ")", cause);
  }

  /** Sorts a failure by its SQL state (ISO/IEC 9075-2; the same in H2 and PostgreSQL). */
  static DatabaseException of(SQLException cause) {
    String state = String.valueOf(cause.getSQLState());
    if (state.equals("23505")) {
      return new DuplicateRowException(cause);
    }
    String statementAtFault = "22 23 42";
    if (state.length() == 5 && statementAtFault.contains(state.substring(0, 2))) {
      return new DatabaseException("the database refused a statement", cause);
    }
    return new DatabaseUnavailableException(cause);
  }
}
