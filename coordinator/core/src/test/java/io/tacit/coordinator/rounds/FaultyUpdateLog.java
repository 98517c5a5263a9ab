package io.tacit.coordinator.rounds;

import io.tacit.coordinator.aggregation.InMemoryUpdateLog;
import io.tacit.coordinator.aggregation.SessionLog;
import io.tacit.coordinator.aggregation.UpdateLog;
import io.tacit.coordinator.aggregation.UpdateLogUnavailableException;
import io.tacit.protocol.SessionId;
import io.tacit.testing.SettableClock;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** An update log in memory whose storage fails while a test says so. */
final class FaultyUpdateLog implements UpdateLog {

  /** Nothing can be read, written, opened or deleted. */
  volatile boolean failing;

  private final UpdateLog log;

  FaultyUpdateLog(Clock clock) {
    log = new InMemoryUpdateLog(1 << 20, clock);
  }

  @Override
  public SessionLog open(SessionId session) {
    check();
    SessionLog opened = log.open(session);
    return (SessionLog)
        Proxy.newProxyInstance(
            FaultyUpdateLog.class.getClassLoader(),
            new Class<?>[] {SessionLog.class},
            (self, method, arguments) -> {
              if (failing && method.getReturnType() == CompletionStage.class) {
                return CompletableFuture.failedFuture(unavailable());
              }
              check();
              try {
                return method.invoke(opened, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Override
  public void drop(SessionId session) {
    check();
    log.drop(session);
  }

  @Override
  public Set<SessionId> sessions() {
    return log.sessions();
  }

  @Override
  public int expireStaged(Instant lastChunkBefore) {
    check();
    return log.expireStaged(lastChunkBefore);
  }

  private void check() {
    if (failing) {
      throw unavailable();
    }
  }

  /** The one way to such an exception from outside of its package: ask a log that is closed. */
  private static UpdateLogUnavailableException unavailable() {
    InMemoryUpdateLog closed = new InMemoryUpdateLog(1, SettableClock.create());
    closed.close();
    try {
      closed.open(SessionId.fromHex("00".repeat(16)));
      throw new AssertionError("a closed log opened a session");
    } catch (UpdateLogUnavailableException e) {
      return e;
    }
  }

  @Override
  public void close() {
    log.close();
  }
}
