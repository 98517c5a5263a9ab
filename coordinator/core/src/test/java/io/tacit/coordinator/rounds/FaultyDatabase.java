package io.tacit.coordinator.rounds;

import io.tacit.coordinator.database.Database;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;

/** A database in memory that a test can take away: wholly, or between a commit and its answer. */
final class FaultyDatabase implements AutoCloseable {

  /** No connection can be made. */
  volatile boolean away;

  /** Commits come through, but making them durable fails. */
  volatile boolean failsToSync;

  private final JdbcConnectionPool connections =
      JdbcConnectionPool.create(
          "jdbc:h2:mem:" + UUID.randomUUID() + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE", "sa", "");

  private final Database database = new Database(faulty(connections));

  FaultyDatabase() {
    database.migrate();
  }

  Database database() {
    return database;
  }

  private DataSource faulty(DataSource h2) {
    return proxy(
        DataSource.class,
        (source, method, arguments) -> {
          if (method.getName().equals("getConnection")) {
            if (away) {
              throw new SQLException("connection refused", "08001");
            }
            return faulty((Connection) invoke(h2, method, arguments));
          }
          return invoke(h2, method, arguments);
        });
  }

  private Connection faulty(Connection connection) {
    return proxy(
        Connection.class,
        (self, method, arguments) -> {
          // The one statement that is not prepared is CHECKPOINT SYNC.
          if (failsToSync && method.getName().equals("createStatement")) {
            throw new SQLException("disk full", "90031");
          }
          return invoke(connection, method, arguments);
        });
  }

  private static Object invoke(Object target, java.lang.reflect.Method method, Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            FaultyDatabase.class.getClassLoader(), new Class<?>[] {type}, handler));
  }

  @Override
  public void close() {
    connections.dispose();
  }
}
