package io.tacit.coordinator.rounds;

import io.tacit.coordinator.aggregation.UpdateLogUnavailableException;
import io.tacit.coordinator.database.DatabaseUnavailableException;
import io.tacit.coordinator.models.ArtifactStorageException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Work that is done again and again, where the failure of one piece must not stop the others:
 * storage that is away comes back, and a bug that one round meets is none of the next round's. Each
 * failure is logged once, and what failed rests for a while, so that a broken disk floods neither
 * log nor disk. For one thread.
 */
final class Retries {

  private static final Logger LOG = Logger.getLogger(Retries.class);

  /** How long work rests after it failed. */
  static final Duration REST = Duration.ofSeconds(1);

  private final Clock clock;
  private final Map<Object, Failure> failures = new HashMap<>();

  private record Failure(String what, Instant restUntil) {}

  Retries(Clock clock) {
    this.clock = clock;
  }

  /**
   * Does the work, unless it failed a moment ago.
   *
   * @param subject what it is about, for the log; work of equal subjects rests together
   */
  void run(Object subject, Runnable work) {
    Failure last = failures.get(subject);
    if (last != null && clock.instant().isBefore(last.restUntil())) {
      return;
    }
    try {
      work.run();
      if (failures.remove(subject) != null) {
        LOG.infof("Work on %s goes on.", subject);
      }
    } catch (UpdateLogUnavailableException
        | DatabaseUnavailableException
        | ArtifactStorageException e) {
      if (isNews(subject, e, last)) {
        LOG.errorf(e, "Work on %s waits for its storage; free space or repair it.", subject);
      }
    } catch (RuntimeException e) {
      if (isNews(subject, e, last)) {
        LOG.errorf(e, "Work on %s failed and is tried again.", subject);
      }
    }
  }

  private boolean isNews(Object subject, RuntimeException failure, @Nullable Failure last) {
    String what = failure.toString();
    failures.put(subject, new Failure(what, clock.instant().plus(REST)));
    return last == null || !last.what().equals(what);
  }
}
