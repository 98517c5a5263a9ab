package io.tacit.enrolment;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcConnectionPool;
import org.h2.jdbcx.JdbcDataSource;

/**
 * The books of an authority: an H2 file on one machine, or a database or schema of PostgreSQL.
 * Never shared with a coordinator, which must not be able to write into them.
 *
 * <p>Guarantee: what was committed before {@link #makeDurable} is on the disk after it.
 * Thread-safe.
 */
public final class EnrolmentDatabase implements AutoCloseable {

  private static final int CONNECTIONS_MAX = 16;

  /** SQL:2016 class 23: a unique key is taken. */
  private static final String DUPLICATE_KEY = "23505";

  /**
   * WRITE_DELAY=0: by default H2 keeps a commit in memory for a while, and kill -9 loses it.
   * LOCK_TIMEOUT: as long as a request may wait for another of the same token.
   */
  private static final String SETTINGS =
      ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;WRITE_DELAY=0;LOCK_TIMEOUT=10000";

  private final DataSource source;
  private final Runnable onClose;
  private final boolean needsCheckpoint;

  private final AtomicLong committed = new AtomicLong();
  private final ReentrantLock checkpoint = new ReentrantLock(true);

  /** Of {@link #committed}: those that a checkpoint covers. Guarded by {@link #checkpoint}. */
  private long durable;

  private EnrolmentDatabase(DataSource source, Runnable onClose) {
    this.source = source;
    this.onClose = onClose;
    try (Connection connection = source.getConnection()) {
      needsCheckpoint = connection.getMetaData().getDatabaseProductName().equals("H2");
    } catch (SQLException e) {
      throw new EnrolmentDatabaseException(e);
    }
    Flyway.configure(EnrolmentDatabase.class.getClassLoader())
        .dataSource(source)
        .locations("classpath:db/enrolment")
        .load()
        .migrate();
  }

  /**
   * A database that someone else configures and closes; brings its schema up to date.
   *
   * @throws EnrolmentDatabaseException if it can not be reached
   */
  public static EnrolmentDatabase of(DataSource source) {
    return new EnrolmentDatabase(source, () -> {});
  }

  /**
   * An embedded database in {@code file.mv.db}, made if it is not there.
   *
   * @throws EnrolmentDatabaseException if another process has it
   * @throws IllegalArgumentException if the path has a semicolon, which ends it in a JDBC URL
   */
  public static EnrolmentDatabase openFile(Path file) {
    String path = file.toAbsolutePath().toString();
    if (path.indexOf(';') >= 0) {
      throw new IllegalArgumentException(
          "database path is " + path + ", must have no semicolon; choose another directory");
    }
    return embedded("jdbc:h2:file:" + path + SETTINGS);
  }

  /** An empty database in memory, for tests and trials. Gone when it is closed. */
  public static EnrolmentDatabase inMemory() {
    return embedded("jdbc:h2:mem:" + UUID.randomUUID() + SETTINGS + ";DB_CLOSE_DELAY=-1");
  }

  private static EnrolmentDatabase embedded(String url) {
    JdbcConnectionPool pool = JdbcConnectionPool.create(url, "sa", "");
    pool.setMaxConnections(CONNECTIONS_MAX);
    try {
      return new EnrolmentDatabase(pool, () -> shutDown(url, pool));
    } catch (RuntimeException e) {
      pool.dispose();
      throw e;
    }
  }

  private static void shutDown(String url, JdbcConnectionPool pool) {
    // Not by DriverManager, which knows only the drivers of the class loader that it met first.
    JdbcDataSource source = new JdbcDataSource();
    source.setURL(url);
    source.setUser("sa");
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SHUTDOWN");
    } catch (SQLException e) {
      throw new EnrolmentDatabaseException(e);
    } finally {
      pool.dispose();
    }
  }

  /** What happens in a transaction. */
  @FunctionalInterface
  interface Work<T> {

    /** Reads and writes the register. */
    T apply(CertificateRegister register) throws SQLException;
  }

  /**
   * Does the work in one transaction (read committed), and again if meanwhile somebody else has
   * taken a key that it wanted: the second time it finds what the other has written.
   *
   * @throws EnrolmentDatabaseException if a statement fails, or the key is taken again
   */
  <T> T inTransaction(Work<T> work) {
    try {
      return tryInTransaction(work);
    } catch (SQLException e) {
      if (!DUPLICATE_KEY.equals(e.getSQLState())) {
        throw new EnrolmentDatabaseException(e);
      }
    }
    try {
      return tryInTransaction(work);
    } catch (SQLException e) {
      throw new EnrolmentDatabaseException(e);
    }
  }

  private <T> T tryInTransaction(Work<T> work) throws SQLException {
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      try {
        T result = work.apply(new CertificateRegister(connection));
        connection.commit();
        connection.setAutoCommit(true);
        return result;
      } catch (Throwable e) {
        rollBack(connection, e);
        throw e;
      }
    }
  }

  private static void rollBack(Connection connection, Throwable reason) {
    try {
      connection.rollback();
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      reason.addSuppressed(e);
    }
  }

  /**
   * Forces all that was committed to the disk. A commit of H2 is no fsync, and one takes some 5 ms:
   * whoever comes while one goes on waits for the next, which then covers all who wait. The commit
   * of PostgreSQL is durable already.
   *
   * @throws EnrolmentDatabaseException if the disk fails; what was committed stays committed
   */
  void makeDurable() {
    if (!needsCheckpoint) {
      return;
    }
    long mine = committed.incrementAndGet();
    checkpoint.lock();
    try {
      if (durable >= mine) {
        return;
      }
      long covered = committed.get();
      try (Connection connection = source.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("CHECKPOINT SYNC");
      }
      durable = covered;
    } catch (SQLException e) {
      throw new EnrolmentDatabaseException(e);
    } finally {
      checkpoint.unlock();
    }
  }

  /** Closes what {@link #openFile} or {@link #inMemory} opened. */
  @Override
  public void close() {
    onClose.run();
  }
}
