package io.tacit.coordinator.rounds;

import io.tacit.coordinator.aggregation.CorruptLogException;
import io.tacit.coordinator.aggregation.LogRecord;
import io.tacit.coordinator.aggregation.RecordReader;
import io.tacit.coordinator.aggregation.SessionLog;
import io.tacit.coordinator.models.ModelVersion;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.RoundId;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.Stage;
import io.tacit.protocol.plan.TrainingPlan;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Begins rounds, and takes up again those that a stopped coordinator left. */
final class RoundOpener {

  private final RoundStore store;
  private final SessionLogs logs;
  private final SecureRandom random;

  RoundOpener(RoundStore store, SessionLogs logs, SecureRandom random) {
    this.store = store;
    this.logs = logs;
    this.random = random;
  }

  /**
   * A new round of a plan on the latest version of its model, durable when this returns. If it
   * fails, the row of the round may be there: look for it with {@link
   * RoundStore#unfinished(PlanId)} and {@link #resume} it before opening another.
   */
  LiveRound open(TrainingPlan plan, ContentHash planHash, ModelVersion base, Instant now) {
    Round round =
        new Round(
            new RoundId(plan.id(), store.lastNumber(plan.id()) + 1),
            SessionId.random(random),
            plan.version(),
            planHash,
            base.version(),
            base.hash(),
            new RoundState.Open(),
            0,
            0,
            0,
            now,
            null,
            null);
    store.insert(round);
    return new LiveRound(round, plan, logs.open(round.session()));
  }

  /**
   * The live form of an unfinished round: its facts are read back from its log.
   *
   * @throws CorruptLogException if acknowledged records are damaged
   */
  LiveRound resume(Round round, TrainingPlan plan, Instant now) {
    SessionLog session = logs.open(round.session());
    if (round.state() instanceof RoundState.Collecting) {
      // The log does not remember that the roster was frozen; the database does.
      session.freeze(Stage.ADVERTISE);
    }
    LiveRound live = new LiveRound(round, plan, session);
    session.read(0, new FactReader(live, now));
    live.restoreSeats();
    return live;
  }

  /**
   * Whose advertisement is durable: the roster, once the stage is frozen. Records them as joined.
   */
  Roster roster(LiveRound live) {
    List<ClientId> roster = new ArrayList<>();
    live.log()
        .read(
            0,
            new RecordReader() {
              @Override
              public boolean begin(LogRecord record) {
                if (record.key().stage() == Stage.ADVERTISE) {
                  roster.add(record.key().client());
                  live.recordJoined(record.key().client(), live.round().openedAt());
                }
                return false;
              }

              @Override
              public void tile(long position, ByteBuffer tile) {
                throw new IllegalStateException("no payload was asked for");
              }
            });
    return new Roster(roster);
  }

  private static final class FactReader implements RecordReader {

    private final LiveRound live;
    private final Instant now;

    FactReader(LiveRound live, Instant now) {
      this.live = live;
      this.now = now;
    }

    @Override
    public boolean begin(LogRecord record) {
      switch (record.key().stage()) {
        case ADVERTISE -> live.recordJoined(record.key().client(), now);
        case INPUT -> live.recordContributed(record.key().client(), record.payloadBytes());
        case COMPLETED, ABORTED ->
            throw new IllegalStateException(
                "a log has no records of stage " + record.key().stage());
      }
      return false;
    }

    @Override
    public void tile(long position, ByteBuffer tile) {
      throw new IllegalStateException("no payload was asked for");
    }
  }
}
