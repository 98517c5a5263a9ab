package io.tacit.client.rounds;

import io.tacit.client.connection.ArtifactFetcher;
import io.tacit.client.connection.ConnectionException;
import io.tacit.client.connection.CoordinatorConnection;
import io.tacit.client.connection.SessionState;
import io.tacit.client.secagg.MemberView;
import io.tacit.client.secagg.RecordVerdict;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.session.RoundRecord;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** Fetches the record of a round that is over, and holds it against what the device saw. */
final class RoundRecords {

  private static final Duration WITHIN = Duration.ofMinutes(1);

  /** What a record has of one session: a roster, two bitmaps, signatures and hashes. */
  private static final int SESSION_BYTES_MAX =
      WireLimits.ANSWER_BYTES_MAX + WireLimits.SIGNATURE_SET_BYTES_MAX;

  private final CoordinatorConnection connection;
  private final Pacing pacing;

  RoundRecords(CoordinatorConnection connection, Pacing pacing) {
    this.connection = connection;
    this.pacing = pacing;
  }

  /**
   * What the device finds in the record. Throws nothing: the update has been used, whatever the
   * record says and whoever interrupts.
   *
   * @param completed the session's end
   * @param own what the device saw of it
   */
  RecordVerdict verdict(TrainingPlan plan, SessionState completed, MemberView own) {
    ContentHash hash = completed.recordHash();
    if (hash == null) {
      return new RecordVerdict.Unavailable("the coordinator announced no record of the round");
    }
    Optional<byte[]> bytes;
    try {
      bytes = fetch(hash, bytesMax(plan));
    } catch (ConnectionException e) {
      return new RecordVerdict.Unavailable(String.valueOf(e.getMessage()));
    }
    if (!bytes.isPresent()) {
      return new RecordVerdict.Unavailable("the coordinator has no record " + hash);
    }
    try {
      RoundRecord record = RoundRecord.fromBytes(bytes.get());
      return own.contradictionIn(record, Objects.requireNonNull(completed.newModelHash()))
          .<RecordVerdict>map(finding -> new RecordVerdict.Contradicted(hash, finding))
          .orElseGet(() -> new RecordVerdict.Verified(hash));
    } catch (IllegalArgumentException e) {
      return new RecordVerdict.Contradicted(hash, "it is no record: " + e.getMessage());
    }
  }

  private static int bytesMax(TrainingPlan plan) {
    return (int)
        Math.min(WireLimits.ROUND_RECORD_BYTES_MAX, (long) plan.sessionCount() * SESSION_BYTES_MAX);
  }

  private Optional<byte[]> fetch(ContentHash hash, int bytesMax) throws ConnectionException {
    Pacing.Deadline deadline = pacing.within(WITHIN);
    ArtifactFetcher fetcher = new ArtifactFetcher(connection, hash, bytesMax);
    return pacing.call(deadline, () -> fetcher.fetch(deadline.remaining()));
  }
}
