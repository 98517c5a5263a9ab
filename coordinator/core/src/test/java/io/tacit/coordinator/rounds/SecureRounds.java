package io.tacit.coordinator.rounds;

import io.tacit.coordinator.sessions.SubmitOutcome;
import io.tacit.protocol.Suite;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.model.SplitMix64;
import io.tacit.protocol.plan.TrainingPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Plans, updates and devices of secure sessions, for tests. */
public final class SecureRounds {

  private SecureRounds() {}

  /**
   * A plan of 10 parameters; each stage of a secure session has 20 s.
   *
   * @param shardSize and the least that a shard may have
   * @param minimum updates for a model
   */
  public static TrainingPlan plan(
      String id, Suite suite, int size, int shardSize, int minimum, int rounds) {
    return plan(id, suite, size, shardSize, minimum, rounds, "");
  }

  /**
   * The same with more to say of shards.
   *
   * @param more keys and values, each with a comma before it
   */
  static TrainingPlan plan(
      String id, Suite suite, int size, int shardSize, int minimum, int rounds, String more) {
    return TestCoordinator.parse(
        """
        id: %s
        version: 1
        population: test
        model: {kind: tabular, layers: [{units: 3, activation: relu}, {units: 1, activation: sigmoid}]}
        features: {label: bought, list: [{name: age, numeric: {mean: 40, standard-deviation: 12}}]}
        cohort: {size: %d, minimum: %d, over-selection: 2}
        deadlines: {train: 60s, advertise: 10s, share-keys: 20s, input: 20s, consistency: 20s, unmask: 20s}
        server-optimiser: {kind: fed-adam, learning-rate: 0.1, tau: 0.001}
        aggregation: {shards: {size: %d, minimum: 10, suite: %s%s}}
        rounds: %d
        """
            .formatted(
                id,
                size,
                minimum,
                shardSize,
                suite == Suite.HYBRID ? "hybrid" : "classic",
                more,
                rounds));
  }

  /** The update of a device, as an honest one clips it: random payload of a norm below C. */
  public static byte[] update(TrainingPlan plan, long round, int number) {
    SplitMix64 random = new SplitMix64(round * 100_003 + number);
    int[] lanes = new int[WireLimits.HEADER_LANES + plan.parameters()];
    lanes[0] = 1;
    lanes[1] = 1 << 16;
    lanes[3] = 1 << 11;
    lanes[4] = 5;
    double laneMax =
        plan.updateFormat().scale() * plan.client().clipNorm() / Math.sqrt(plan.parameters());
    for (int i = WireLimits.HEADER_LANES; i < lanes.length; i++) {
      double unit = (random.nextLong() >> 11) * 0x1p-52;
      lanes[i] = (int) (unit * laneMax);
    }
    return Updates.bytes(lanes);
  }

  /** Devices first, first + 1, ... that have joined the open round. */
  static List<SecureDevice> joined(TestCoordinator coordinator, int first, int count) {
    List<SecureDevice> devices = new ArrayList<>();
    for (int i = first; i < first + count; i++) {
      SecureDevice device = new SecureDevice(coordinator.coordinator, i);
      device.join();
      devices.add(device);
    }
    return devices;
  }

  /** Each hears what is published and then does something that is to be acknowledged. */
  static void each(List<SecureDevice> devices, Predicate<SubmitOutcome> ok, Step step) {
    for (int i = 0; i < devices.size(); i++) {
      SecureDevice device = devices.get(i);
      device.hear();
      SubmitOutcome outcome = step.of(device, i);
      if (!ok.test(outcome)) {
        throw new AssertionError("device " + i + " was answered " + outcome);
      }
    }
  }

  static void each(List<SecureDevice> devices, Step step) {
    each(devices, outcome -> outcome instanceof SubmitOutcome.Durable, step);
  }

  /** What a device does in a stage. */
  interface Step {
    SubmitOutcome of(SecureDevice device, int number);
  }
}
