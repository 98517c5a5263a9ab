package io.tacit.coordinator.database;

import java.sql.SQLException;

/**
 * The database cannot be reached or cannot carry out a sound statement now: connection lost, disk
 * full, lock not granted. Nothing of the transaction happened, unless it failed while committing.
 * Trying again later is right.
 */
public final class DatabaseUnavailableException extends DatabaseException {

  private static final long serialVersionUID = 1;

  DatabaseUnavailableException(SQLException cause) {
    super(
        "the database is not available; check that it runs, that no other process has its file"
            + " open, and that the disk has space",
        cause);
  }
}
