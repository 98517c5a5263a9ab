package io.tacit.coordinator.service.wiring;

import io.tacit.coordinator.rounds.Round;
import io.tacit.coordinator.rounds.RoundListener;
import io.tacit.coordinator.sessions.Cut;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/** Ends the process without any shutdown at a named point. For crash tests. */
final class CrashPoint implements RoundListener {

  private static final Logger LOG = Logger.getLogger(CrashPoint.class);

  private static final Pattern FORM =
      Pattern.compile(
          "(?:(OPEN|COLLECTING|COMPLETED|ABANDONED)"
              + "|(round\\.(?:OPEN|COLLECTING|COMPLETED|ABANDONED)"
              + "|session\\.(?:COLLECTING|ROSTER_FROZEN|SHARES_FROZEN|INPUTS_FROZEN|UNMASKING|SUMMED"
              + "|ABORTED)|record\\.(?:ADVERTISE|SHARE_KEYS|INPUT|CONSISTENCY|UNMASK))"
              + "@(BEFORE_COMMIT|AFTER_COMMIT|MID_SEND|AFTER_SEND)):([1-9][0-9]{0,5})");

  private final String subject;
  private final Cut.Moment moment;
  private final AtomicInteger left;

  private CrashPoint(String subject, Cut.Moment moment, int count) {
    this.subject = subject;
    this.moment = moment;
    this.left = new AtomicInteger(count);
  }

  /**
   * Where to end it.
   *
   * @param setting {@code STATE:N}, right after the N-th transition of a round to that state; or
   *     {@code SUBJECT@MOMENT:N}, when the N-th time that cut is passed, e.g. {@code
   *     session.SHARES_FROZEN@AFTER_COMMIT:2}
   */
  static CrashPoint of(String setting) {
    Matcher parts = FORM.matcher(setting);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "tacit.halt-after is "
              + setting
              + ", must be STATE:N with a state of OPEN, COLLECTING, COMPLETED, ABANDONED and N"
              + " from 1 to 999999, such as COLLECTING:2, or SUBJECT@MOMENT:N with a subject of"
              + " round.STATE, session.STATE or record.STAGE and a moment of BEFORE_COMMIT,"
              + " AFTER_COMMIT, MID_SEND, AFTER_SEND, such as"
              + " session.SHARES_FROZEN@AFTER_COMMIT:1");
    }
    int count = Integer.parseInt(parts.group(4));
    return parts.group(1) != null
        ? new CrashPoint("round." + parts.group(1), Cut.Moment.AFTER_SEND, count)
        : new CrashPoint(parts.group(2), Cut.Moment.valueOf(parts.group(3)), count);
  }

  @Override
  public void onTransition(Round round) {
    // The cut behind it says as much.
  }

  @Override
  public void onCut(Cut cut) {
    if (cut.subject().equals(subject) && cut.moment() == moment && left.decrementAndGet() == 0) {
      LOG.warnf("tacit.halt-after: ending the process at %s of %s", moment, subject);
      Runtime.getRuntime().halt(137);
    }
  }
}
