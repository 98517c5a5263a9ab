package io.tacit.coordinator.service.wiring;

import io.tacit.coordinator.rounds.Round;
import io.tacit.coordinator.rounds.RoundListener;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/** Ends the process without any shutdown, right after a published transition. For crash tests. */
final class CrashPoint implements RoundListener {

  private static final Logger LOG = Logger.getLogger(CrashPoint.class);

  private static final Pattern FORM =
      Pattern.compile("(OPEN|COLLECTING|COMPLETED|ABANDONED):([1-9][0-9]{0,5})");

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
    Matcher parts = FORM.matcher(setting);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "tacit.halt-after is "
              + setting
              + ", must be STATE:N with a state of OPEN, COLLECTING, COMPLETED, ABANDONED and N"
              + " from 1 to 999999, such as COLLECTING:2");
    }
    return new CrashPoint(parts.group(1), Integer.parseInt(parts.group(2)));
  }

  @Override
  public void onTransition(Round round) {
    if (round.state().word().equals(state) && left.decrementAndGet() == 0) {
      LOG.warnf("tacit.halt-after: ending the process after %s of round %s", state, round.id());
      Runtime.getRuntime().halt(137);
    }
  }
}
