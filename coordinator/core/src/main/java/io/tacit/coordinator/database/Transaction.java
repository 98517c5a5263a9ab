package io.tacit.coordinator.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Statements that take effect together or not at all. Valid only inside {@link
 * Database#inTransaction}, on the thread that called it.
 *
 * <p>Parameters may be strings, numbers, booleans, byte arrays, {@link Instant}s (for {@code
 * timestamp with time zone}) and null.
 */
public final class Transaction {

  private final Connection connection;
  private final List<Runnable> afterCommit = new ArrayList<>();

  Transaction(Connection connection) {
    this.connection = connection;
  }

  /** Makes a value of the current row. */
  @FunctionalInterface
  public interface RowReader<T> {

    /** Reads the current row; must not move to another. */
    T read(Row row) throws SQLException;
  }

  /**
   * Inserts, updates or deletes.
   *
   * @return rows changed; 0 is how a compare-and-set loses
   * @throws DuplicateRowException if a unique key is taken; the transaction can not go on
   */
  public int update(String sql, @Nullable Object... parameters) {
    try (PreparedStatement statement = prepare(sql, parameters)) {
      return statement.executeUpdate();
    } catch (SQLException e) {
      throw DatabaseException.of(e);
    }
  }

  /**
   * Updates the one row that is still at a revision.
   *
   * @param what is in the row, for people, e.g. {@code round news#3}
   * @param revision that it was read at; the last parameter of the statement
   * @param parameters all before that
   * @throws IllegalStateException if the row is no longer at that revision
   */
  public void compareAndSet(String what, int revision, String sql, @Nullable Object... parameters) {
    @Nullable Object[] all = Arrays.copyOf(parameters, parameters.length + 1);
    all[parameters.length] = revision;
    if (update(sql, all) != 1) {
      throw new IllegalStateException(
          what
              + " is no longer at revision "
              + revision
              + "; another coordinator works on the same database");
    }
  }

  /** All rows of a query, in its order. Give it a limit where the table can grow. */
  public <T> List<T> list(RowReader<T> reader, String sql, @Nullable Object... parameters) {
    try (PreparedStatement statement = prepare(sql, parameters);
        ResultSet results = statement.executeQuery()) {
      List<T> rows = new ArrayList<>();
      while (results.next()) {
        rows.add(reader.read(new Row(results)));
      }
      return rows;
    } catch (SQLException e) {
      throw DatabaseException.of(e);
    }
  }

  /** The first row of a query, if there is one. */
  public <T> Optional<T> first(RowReader<T> reader, String sql, @Nullable Object... parameters) {
    try (PreparedStatement statement = prepare(sql, parameters);
        ResultSet results = statement.executeQuery()) {
      return results.next() ? Optional.of(reader.read(new Row(results))) : Optional.empty();
    } catch (SQLException e) {
      throw DatabaseException.of(e);
    }
  }

  /**
   * Has something done as soon as others see what this transaction changed, on its thread; not at
   * all if it is rolled back.
   *
   * @param action must be quick and must not throw
   */
  public void afterCommit(Runnable action) {
    afterCommit.add(action);
  }

  void committed() {
    afterCommit.forEach(Runnable::run);
  }

  private PreparedStatement prepare(String sql, @Nullable Object... parameters)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < parameters.length; i++) {
      Object value = parameters[i];
      statement.setObject(
          i + 1, value instanceof Instant instant ? instant.atOffset(ZoneOffset.UTC) : value);
    }
    return statement;
  }
}
