package io.tacit.coordinator.database;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.h2.jdbcx.JdbcConnectionPool;
import org.h2.jdbcx.JdbcDataSource;

/**
 * The database of the coordinator's metadata: an H2 file on one machine, PostgreSQL in a cluster.
 *
 * <p>Guarantee: with the URL of {@link #fileUrl}, a committed transaction survives the end of the
 * process, and after {@link #makeDurable} also the end of the machine. Thread-safe.
 */
public final class Database implements AutoCloseable {

  /** Connections of an embedded database that are open at the same time. */
  private static final int CONNECTIONS_MAX = 8;

  /** WRITE_DELAY=0: by default H2 keeps a commit in memory for a while, and kill -9 loses it. */
  private static final String SETTINGS = ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;WRITE_DELAY=0";

  private final DataSource source;
  private final Runnable onClose;

  /** A database that someone else configures and closes. */
  public Database(DataSource source) {
    this(source, () -> {});
  }

  private Database(DataSource source, Runnable onClose) {
    this.source = source;
    this.onClose = onClose;
  }

  /**
   * An embedded database in {@code file.mv.db}, made if it is not there, compacted and migrated.
   * Open a file once in a process: compacting takes it away from whoever has it.
   *
   * @throws DatabaseUnavailableException if the file can not be opened, e.g. because another
   *     process has it
   */
  public static Database openFile(Path file) {
    String url = fileUrl(file);
    // Rewrites the file without what updates and killed processes left behind.
    execute(url, "SHUTDOWN COMPACT");
    return open(url);
  }

  /** An empty, migrated database in memory, for simulations and tests. Gone when it is closed. */
  public static Database inMemory() {
    return open("jdbc:h2:mem:" + UUID.randomUUID() + SETTINGS + ";DB_CLOSE_DELAY=-1");
  }

  /**
   * The JDBC URL of an embedded database.
   *
   * @throws IllegalArgumentException if the path has a semicolon, which ends the path in such a URL
   */
  public static String fileUrl(Path file) {
    String path = file.toAbsolutePath().toString();
    if (path.indexOf(';') >= 0) {
      throw new IllegalArgumentException(
          "database path is " + path + ", must have no semicolon; choose another data directory");
    }
    // Closed by us, when the conductor has stopped: H2's own hook would close it under our work.
    return "jdbc:h2:file:" + path + SETTINGS + ";DB_CLOSE_ON_EXIT=FALSE";
  }

  /**
   * Brings the schema up to date.
   *
   * @throws DatabaseUnavailableException if the database can not be reached
   * @throws FlywayException if a script fails or the database was made by a newer version
   */
  public void migrate() {
    // Reached first by ourselves, so that a database that is away is told apart from a bad script.
    doInTransaction(transaction -> {});
    Flyway.configure(Database.class.getClassLoader())
        .dataSource(source)
        .locations("classpath:db/migration")
        .load()
        .migrate();
  }

  /**
   * Does the work in one transaction (read committed): commits when it returns, rolls back when it
   * throws. Not to be nested: the inner one would be a transaction of its own.
   *
   * @return what the work returns
   * @throws DatabaseException as the statements do
   */
  public <T> T inTransaction(Function<Transaction, T> work) {
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      Transaction transaction = new Transaction(connection);
      T result;
      try {
        result = work.apply(transaction);
        connection.commit();
        connection.setAutoCommit(true);
      } catch (Throwable e) {
        rollBack(connection, e);
        throw e;
      }
      transaction.committed();
      return result;
    } catch (SQLException e) {
      throw DatabaseException.of(e);
    }
  }

  /** As {@link #inTransaction}, for work without a result. */
  public void doInTransaction(Consumer<Transaction> work) {
    inTransaction(
        transaction -> {
          work.accept(transaction);
          return Boolean.TRUE;
        });
  }

  /** The same, durable when it returns: see {@link #makeDurable}. */
  public void doDurably(Consumer<Transaction> work) {
    doInTransaction(work);
    makeDurable();
  }

  /**
   * Forces everything committed so far to the disk. To be called before anything is published that
   * may never be taken back: a frozen roster, a completed round. About 5 ms on H2; nothing on
   * PostgreSQL, whose commit is durable already.
   */
  public void makeDurable() {
    try (Connection connection = source.getConnection()) {
      if (connection.getMetaData().getDatabaseProductName().equals("H2")) {
        try (Statement statement = connection.createStatement()) {
          statement.execute("CHECKPOINT SYNC");
        }
      }
    } catch (SQLException e) {
      throw DatabaseException.of(e);
    }
  }

  /** Closes what {@link #openFile} or {@link #inMemory} opened. */
  @Override
  public void close() {
    onClose.run();
  }

  private static Database open(String url) {
    JdbcConnectionPool pool = JdbcConnectionPool.create(url, "sa", "");
    pool.setMaxConnections(CONNECTIONS_MAX);
    Database database =
        new Database(
            pool,
            () -> {
              execute(url, "SHUTDOWN");
              pool.dispose();
            });
    try {
      database.migrate();
    } catch (RuntimeException e) {
      pool.dispose();
      throw e;
    }
    return database;
  }

  private static void rollBack(Connection connection, Throwable reason) {
    try {
      connection.rollback();
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      reason.addSuppressed(e);
    }
  }

  private static void execute(String url, String sql) {
    // Not by DriverManager, which knows only the drivers of the class loader that it met first.
    JdbcDataSource source = new JdbcDataSource();
    source.setURL(url);
    source.setUser("sa");
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw DatabaseException.of(e);
    }
  }
}
