package io.tacit.coordinator.database;

import java.sql.SQLException;

/** A row with this key is there already: someone else was first. The transaction is void. */
public final class DuplicateRowException extends DatabaseException {

  private static final long serialVersionUID = 1;

  DuplicateRowException(SQLException cause) {
    super("a row with this key exists already", cause);
  }
}
