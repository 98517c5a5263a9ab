package io.tacit.client.rounds;

import io.tacit.client.connection.ConnectionException;
import io.tacit.client.connection.CoordinatorConnection;
import io.tacit.client.connection.Membership;
import io.tacit.client.connection.Refusal;
import io.tacit.client.connection.Upload;
import io.tacit.client.connection.UploadOutcome;
import io.tacit.client.connection.UploadStatus;
import java.time.Duration;

/**
 * Sends one update, and after an interruption the rest of it. The update stays in memory until the
 * coordinator has it whole. Used once.
 */
final class UpdateSender {

  /**
   * One try gets this part of the time that is left: a connection that went dead without a word
   * must not take all of it.
   */
  private static final int TRIES = 3;

  private final CoordinatorConnection connection;
  private final Pacing pacing;
  private final Upload upload;
  private long offset;
  private long bytesUp;

  UpdateSender(CoordinatorConnection connection, Pacing pacing, Upload upload) {
    this.connection = connection;
    this.pacing = pacing;
    this.upload = upload;
  }

  /** Bytes of the update. */
  int size() {
    return upload.size();
  }

  /** Bytes that the coordinator took, repetitions included. */
  long bytesUp() {
    return bytesUp;
  }

  /**
   * Sends until the update has arrived, is refused for good, or time is over.
   *
   * @param spent the proof that it may leave
   */
  UploadOutcome send(DeviceState.Spent spent, Pacing.Deadline deadline) throws ConnectionException {
    Membership membership = spent.membership();
    for (int failures = 1; ; failures++) {
      try {
        Duration within = deadline.remaining().dividedBy(TRIES);
        UploadOutcome outcome = connection.upload(membership, upload, offset, within);
        if (outcome instanceof UploadOutcome.Stored) {
          bytesUp += upload.size() - offset;
          return outcome;
        }
        if (!isMendable((Refusal) outcome) || !pacing.pause(failures, deadline, Duration.ZERO)) {
          return outcome;
        }
      } catch (ConnectionException e) {
        if (!pacing.pauseAfter(e, failures, deadline)) {
          throw e;
        }
      }
      UploadStatus status = pacing.call(deadline, () -> connection.uploadStatus(membership));
      if (status instanceof UploadStatus.Stored) {
        bytesUp += upload.size() - offset;
        return new UploadOutcome.Stored();
      }
      if (status instanceof Refusal refusal) {
        return refusal;
      }
      resumeAt((UploadStatus.Partial) status);
    }
  }

  /** Whether the coordinator asks for the same bytes again, from another place. */
  private static boolean isMendable(Refusal refusal) {
    return refusal.reason() == Refusal.Reason.WRONG_OFFSET
        || refusal.reason() == Refusal.Reason.WRONG_DIGEST;
  }

  private void resumeAt(UploadStatus.Partial held) {
    bytesUp += Math.max(0, held.offset() - offset);
    boolean isOurs =
        held.offset() >= 0
            && held.offset() <= upload.size()
            && upload.hashOfFirst((int) held.offset()).equals(held.soFar());
    offset = isOurs ? held.offset() : 0;
  }
}
