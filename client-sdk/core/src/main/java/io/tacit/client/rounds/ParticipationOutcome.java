package io.tacit.client.rounds;

import io.tacit.client.connection.ComeBack;
import io.tacit.client.connection.ConnectionException;
import io.tacit.client.connection.Refusal;
import io.tacit.client.secagg.AbortReason;
import io.tacit.client.secagg.RecordVerdict;
import io.tacit.client.training.LocalTrainerOutcome;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.RoundId;
import java.time.Duration;

/** How one participation ended. None of them holds data of the device. */
public sealed interface ParticipationOutcome {

  /**
   * The device's update was on disk when the round completed.
   *
   * @param round of which plan
   * @param newModelHash SHA-256 of the model that the round published
   * @param contributors devices whose update went into the sum
   * @param bytesUp bytes of the update that were sent, repetitions included
   * @param bytesDown bytes of artifacts that were fetched, 0 if all were cached
   * @param record what the device found in the coordinator's record of the round
   */
  record Contributed(
      RoundId round,
      ContentHash newModelHash,
      int contributors,
      long bytesUp,
      long bytesDown,
      RecordVerdict record)
      implements ParticipationOutcome {

    /** Of a round without a record. */
    public Contributed(
        RoundId round, ContentHash newModelHash, int contributors, long bytesUp, long bytesDown) {
      this(round, newModelHash, contributors, bytesUp, bytesDown, new RecordVerdict.NotPublished());
    }
  }

  /** The coordinator has nothing to do for the device now. */
  record ComeBackLater(Duration after, ComeBack.Reason reason) implements ParticipationOutcome {}

  /** The device's own data keeps it out of the round; nothing was sent. */
  record NotEligible(RoundId round, LocalTrainerOutcome.Reason reason, String detail)
      implements ParticipationOutcome {}

  /** The device declines the work; nothing of it was sent. */
  record Declined(RoundId round, DeclineReason reason, String detail)
      implements ParticipationOutcome {}

  /** The coordinator refused a message of the device. */
  record Refused(RoundId round, Refusal.Reason reason, String detail)
      implements ParticipationOutcome {}

  /** The session ended without a result, in the coordinator's words. */
  record RoundAborted(RoundId round, String reason) implements ParticipationOutcome {}

  /**
   * The device left the session, as something in it was not as it must be.
   *
   * @param reason for code, as the coordinator was told
   * @param accused index on the roster of the member whose message was bad, 0 if it is nobody's
   * @param detail for people; holds no data
   */
  record LeftSession(RoundId round, AbortReason reason, int accused, String detail)
      implements ParticipationOutcome {}

  /** The device ran out of time, at this point of the round. */
  record OutOfTime(RoundId round, RoundStep at) implements ParticipationOutcome {}

  /**
   * The coordinator could not be reached, or not be understood.
   *
   * @param reason for code
   * @param detail for people
   * @param after how long to wait at least before the next try
   */
  record NoConnection(ConnectionException.Reason reason, String detail, Duration after)
      implements ParticipationOutcome {

    static NoConnection because(ConnectionException failure) {
      return new NoConnection(
          failure.reason(),
          String.valueOf(failure.getMessage()),
          failure.retryAfter().orElse(Pacing.BACKOFF_MAX));
    }
  }

  /** The calling thread was interrupted; its flag is set. */
  record Interrupted() implements ParticipationOutcome {}
}
