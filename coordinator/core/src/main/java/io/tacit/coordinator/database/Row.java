package io.tacit.coordinator.database;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The current row of a query. Columns by name; those without {@code OrNull} must not be null. */
public final class Row {

  private final ResultSet results;

  Row(ResultSet results) {
    this.results = results;
  }

  /** A text. */
  public String text(String column) throws SQLException {
    return required(column, results.getString(column));
  }

  /** A text that may be missing. */
  public @Nullable String textOrNull(String column) throws SQLException {
    return results.getString(column);
  }

  /** An integer. */
  public int integer(String column) throws SQLException {
    return required(column, results.getObject(column, Integer.class));
  }

  /** An integer that may be missing. */
  public @Nullable Integer integerOrNull(String column) throws SQLException {
    return results.getObject(column, Integer.class);
  }

  /** A long integer. */
  public long longInteger(String column) throws SQLException {
    return required(column, results.getObject(column, Long.class));
  }

  /** A double. */
  public double number(String column) throws SQLException {
    return required(column, results.getObject(column, Double.class));
  }

  /** A double that may be missing. */
  public @Nullable Double numberOrNull(String column) throws SQLException {
    return results.getObject(column, Double.class);
  }

  /** A truth value. */
  public boolean truth(String column) throws SQLException {
    return required(column, results.getObject(column, Boolean.class));
  }

  /** Bytes; the caller owns them. */
  public byte[] bytes(String column) throws SQLException {
    return required(column, results.getBytes(column));
  }

  /** A point in time. */
  public Instant instant(String column) throws SQLException {
    return required(column, instantOrNull(column));
  }

  /** A point in time that may be missing. */
  public @Nullable Instant instantOrNull(String column) throws SQLException {
    OffsetDateTime time = results.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  private static <T> T required(String column, @Nullable T value) {
    return Objects.requireNonNull(value, () -> "column " + column + " is null");
  }
}
