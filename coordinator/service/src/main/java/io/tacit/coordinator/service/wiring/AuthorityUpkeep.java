package io.tacit.coordinator.service.wiring;

import io.tacit.coordinator.service.access.Revocations;
import io.tacit.enrolment.EnrolmentDatabaseException;
import jakarta.inject.Singleton;
import java.io.UncheckedIOException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Looks for revocations and deletes what has ended, until the service stops. */
@Singleton
class AuthorityUpkeep implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(AuthorityUpkeep.class);

  /** Renewals revoke too, and may be made by others who have the same books. */
  private static final long REFRESH_SECONDS = 5;

  private static final long HOUSEKEEPING_SECONDS = 3_600;
  private static final long STOP_SECONDS = 5;

  private final DeviceAuthority authority;
  private final Revocations revocations;
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1,
          task -> {
            Thread thread = new Thread(task, "tacit-authority");
            thread.setDaemon(true);
            return thread;
          });

  AuthorityUpkeep(DeviceAuthority authority, Revocations revocations) {
    this.authority = authority;
    this.revocations = revocations;
  }

  void start() {
    every(REFRESH_SECONDS, revocations::refresh);
    authority
        .embedded()
        .ifPresent(here -> every(HOUSEKEEPING_SECONDS, () -> here.authority().deleteExpired()));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // goes on until the timer ends
  private void every(long seconds, Runnable work) {
    timer.scheduleWithFixedDelay(() -> tolerating(work), seconds, seconds, TimeUnit.SECONDS);
  }

  private static void tolerating(Runnable work) {
    try {
      work.run();
    } catch (EnrolmentDatabaseException | UncheckedIOException e) {
      LOG.warnf("the authority's list of revocations stays as it is: %s", e.getMessage());
    } catch (RuntimeException e) {
      // A bug. The timer would drop the work, and no revocation would be seen any more.
      LOG.error("upkeep of the authority failed; it is tried again at its next turn", e);
    }
  }

  /** Ends its work, then the authority. */
  @Override
  public void close() {
    timer.shutdownNow();
    try {
      timer.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    authority.close();
  }
}
