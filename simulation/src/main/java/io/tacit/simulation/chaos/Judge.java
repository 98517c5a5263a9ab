package io.tacit.simulation.chaos;

import io.tacit.coordinator.optimiser.OptimiserState;
import io.tacit.coordinator.optimiser.ServerOptimiser;
import io.tacit.coordinator.optimiser.StepOutcome;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.crypto.IdentityKeyCache;
import io.tacit.protocol.crypto.Transcript;
import io.tacit.protocol.encoding.MeanUpdate;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.session.Roster;
import io.tacit.protocol.session.RoundRecord;
import io.tacit.protocol.session.SessionRecord;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds what a coordinator published, round by round, against what a witness saw leave the devices:
 * sums must be exact, applied once and in order, and no acknowledged update may be missing. It
 * takes every step of the model itself, from the witness's sums. For one thread.
 */
public final class Judge {

  private static final int IDENTITY_KEYS_MAX = 10_000;

  private final TrainingPlan plan;
  private final Witness witness;
  private final IdentityKeyCache keys = new IdentityKeyCache(IDENTITY_KEYS_MAX);
  private final List<String> faults = new ArrayList<>();

  private ModelParameters model;
  private OptimiserState optimiserState = OptimiserState.none();
  private @Nullable ContentHash lastRecord;
  private int sessionsCompleted;
  private int sessionsAborted;
  private int recovered;

  /**
   * @param plan that the rounds follow
   * @param witness beside its devices
   */
  public Judge(TrainingPlan plan, Witness witness) {
    this.plan = plan;
    this.witness = witness;
    this.model = ModelParameters.initial(plan.model());
  }

  /**
   * What was found so far.
   *
   * @param completed sessions whose sum went into a model
   * @param aborted sessions that ended without one
   * @param recovered devices that vanished after they had shared their keys
   * @param faults what is wrong, in words: an acknowledged update that is missing, or a sum that
   *     was applied other than once
   */
  public record Verdict(int completed, int aborted, int recovered, List<String> faults) {

    public Verdict {
      faults = List.copyOf(faults);
    }
  }

  /** The verdict on all rounds so far. */
  public Verdict verdict() {
    return new Verdict(sessionsCompleted, sessionsAborted, recovered, faults);
  }

  /**
   * Judges a round that was abandoned.
   *
   * @param sessions that it had
   */
  public void abandoned(int sessions) {
    sessionsAborted += sessions;
  }

  /**
   * Judges the next round that completed.
   *
   * @param record as published
   * @param sessionsWithout a sum
   */
  public void completed(RoundRecord record, int sessionsWithout) {
    sessionsAborted += sessionsWithout;
    sessionsCompleted += record.sessions().size();
    String round = "round " + record.round().number() + ": ";
    record
        .flaw(keys, plan.aggregation().shards().survivors())
        .ifPresent(flaw -> faults.add(round + flaw));
    if (!record.previous().equals(Optional.ofNullable(lastRecord))) {
      faults.add(round + "its record does not name the record before it");
    }
    lastRecord = record.hash();
    if (!record.baseModel().equals(model.contentHash())) {
      faults.add(round + "it did not start from the model of the round before it");
      return;
    }
    int[] total = new int[plan.updateFormat().lanes()];
    Set<ClientId> onRosters = new HashSet<>();
    for (SessionRecord session : record.sessions()) {
      add(total, judge(round, record, session, onRosters));
    }
    if (sessionsWithout == 0) {
      missing(round, record.round().number(), onRosters);
    }
    step(round, record, total);
  }

  /** The sum that a session must have had. */
  private int[] judge(
      String round, RoundRecord record, SessionRecord session, Set<ClientId> onRosters) {
    long number = record.round().number();
    int[] sum = new int[plan.updateFormat().lanes()];
    Roster.Opened opened = session.roster().open(session.suite(), context(record, session), keys);
    if (!(opened instanceof Roster.Members members)) {
      return sum; // Its flaw was found already.
    }
    Set<ClientId> acknowledged = witness.acknowledged(number);
    for (int i = 1; i <= session.roster().size(); i++) {
      ClientId client = members.member(i).client();
      onRosters.add(client);
      boolean inSum = session.survivors().u3().contains(i);
      if (inSum) {
        Optional<int[]> sent = witness.sent(number, client);
        if (sent.isPresent()) {
          add(sum, sent.get());
        } else {
          faults.add(round + "an update is in the sum that device " + client + " did not send");
        }
      } else if (acknowledged.contains(client)) {
        faults.add(round + "the acknowledged update of device " + client + " is missing");
      }
    }
    recovered += session.survivors().u2().minus(session.survivors().u3()).size();
    if (!digest(sum).equals(session.sumDigest())) {
      faults.add(round + "the sum of session " + session.session() + " is not that of its updates");
    }
    return sum;
  }

  private static byte[] context(RoundRecord record, SessionRecord session) {
    return Transcript.sessionContext(
        session.suite().number(),
        session.session(),
        record.planHash(),
        record.baseModel(),
        record.round().number());
  }

  /** Where every session completed, every acknowledged update must be on one of their rosters. */
  private void missing(String round, long number, Set<ClientId> onRosters) {
    for (ClientId client : witness.acknowledged(number)) {
      if (!onRosters.contains(client)) {
        faults.add(round + "device " + client + ", whose update was acknowledged, is on no roster");
      }
    }
  }

  private void step(String round, RoundRecord record, int[] total) {
    MeanUpdate update;
    try {
      update = plan.updateFormat().decode(total);
    } catch (IllegalArgumentException e) {
      faults.add(round + "its updates make no sum of this plan: " + e.getMessage());
      return;
    }
    StepOutcome outcome =
        ServerOptimiser.of(plan.serverOptimiser()).step(model, update, optimiserState);
    if (!(outcome instanceof StepOutcome.Step step)) {
      faults.add(round + "its sum makes no finite model");
      return;
    }
    model = step.parameters();
    optimiserState = step.state();
    if (!model.contentHash().equals(record.newModel())) {
      faults.add(round + "its model is not the one that its updates make, applied once");
    }
  }

  private static void add(int[] sum, int[] lanes) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += lanes[i];
    }
  }

  private static ContentHash digest(int[] lanes) {
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * lanes.length);
    bytes.order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().put(lanes);
    return ContentHash.of(bytes.array());
  }
}
