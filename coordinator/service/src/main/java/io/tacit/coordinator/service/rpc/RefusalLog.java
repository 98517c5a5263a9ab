package io.tacit.coordinator.service.rpc;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Writes refusals to the log: of each code the first within a second, with the number of those
 * before that got no line, because who is refused can ask as often as he likes. Thread-safe.
 */
@Singleton
class RefusalLog {

  private static final Logger LOG = Logger.getLogger(RefusalLog.class);

  private static final long EVERY_MILLIS = 1_000;

  private final Clock clock;

  /** By code, of which there are some dozens. */
  private final Map<String, Tally> tallies = new ConcurrentHashMap<>();

  RefusalLog(Clock clock) {
    this.clock = clock;
  }

  /**
   * One refusal.
   *
   * @param code of the contract
   * @param what happened, without secrets, addresses and names of devices
   */
  void refused(String code, String what) {
    long told = tallies.computeIfAbsent(code, first -> new Tally()).add(clock.millis());
    if (told == 1) {
      LOG.infof("%s: %s", code, what);
    } else if (told > 1) {
      LOG.infof("%s: %s, the last of %d since the line before", code, what, told);
    }
  }

  private static final class Tally {

    private long lastMillis = Long.MIN_VALUE / 2;
    private long untold;

    /** How many to tell of now; 0 for a line too many. */
    synchronized long add(long nowMillis) {
      untold++;
      // The clock may be set back.
      if (Math.abs(nowMillis - lastMillis) < EVERY_MILLIS) {
        return 0;
      }
      lastMillis = nowMillis;
      long told = untold;
      untold = 0;
      return told;
    }
  }
}
