package io.tacit.coordinator.service.wiring;

import io.tacit.coordinator.rounds.Round;
import io.tacit.coordinator.rounds.RoundListener;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/** Ends the process without any shutdown, right after a published transition. For crash tests. */
final class CrashPoint implements RoundListener {

  private static final Logger LOG = Logger.getLogger(CrashPoint.class);

  private final String state;
  private final AtomicInteger left;

  private CrashPoint(String state, int count) {
    this.state = state;
    this.left = new AtomicInteger(count);
  }

  /**
   * @param setting {@code STATE:N}, e.g. {@code COLLECTING:2}
   */
  static CrashPoint of(String setting) {
    int colon = setting.indexOf(':');
    try {
      return new CrashPoint(
          setting.substring(0, colon), Integer.parseInt(setting.substring(colon + 1)));
    } catch (StringIndexOutOfBoundsException | NumberFormatException e) {
      throw new IllegalArgumentException(
          "tacit.halt-after is " + setting + ", must be STATE:N such as COLLECTING:2", e);
    }
  }

  @Override
  public void onTransition(Round round) {
    if (round.state().word().equals(state) && left.decrementAndGet() == 0) {
      LOG.warnf("tacit.halt-after: ending the process after %s of round %s", state, round.id());
      Runtime.getRuntime().halt(137);
    }
  }
}
