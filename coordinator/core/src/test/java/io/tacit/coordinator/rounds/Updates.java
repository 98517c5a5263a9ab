package io.tacit.coordinator.rounds;

import io.tacit.coordinator.optimiser.OptimiserState;
import io.tacit.coordinator.optimiser.ServerOptimiser;
import io.tacit.coordinator.optimiser.StepOutcome;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.SplitMix64;
import io.tacit.protocol.plan.TrainingPlan;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;

/** Updates as devices send them, made from numbers instead of training, and what they lead to. */
public final class Updates {

  private Updates() {}

  /** The update of device {@code number} in a round: one client of weight 1, random payload. */
  public static byte[] update(TrainingPlan plan, long round, int number) {
    SplitMix64 random = new SplitMix64(round * 100_003 + number);
    int[] lanes = new int[WireLimits.HEADER_LANES + plan.parameters()];
    lanes[0] = 1;
    lanes[1] = 1 << 16;
    lanes[3] = 1 << 11;
    lanes[4] = 5;
    // What an honest device may send at most, so that a full cohort does not wrap around.
    int laneMax = Integer.MAX_VALUE / plan.cohort().size() - 2;
    for (int i = WireLimits.HEADER_LANES; i < lanes.length; i++) {
      lanes[i] = (int) ((random.nextLong() >> 33) % laneMax);
    }
    return bytes(lanes);
  }

  static byte[] bytes(int[] lanes) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * lanes.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(lanes);
    return bytes.array();
  }

  /** Lane by lane, modulo 2^32. */
  static int[] sum(Collection<byte[]> updates) {
    int[] sum = new int[updates.iterator().next().length / 4];
    for (byte[] update : updates) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += ByteBuffer.wrap(update).order(ByteOrder.LITTLE_ENDIAN).getInt(4 * i);
      }
    }
    return sum;
  }

  /** The step over exactly these updates, computed apart from the coordinator's rounds. */
  public static StepOutcome.Step step(
      TrainingPlan plan, ModelParameters base, OptimiserState state, Collection<byte[]> updates) {
    return (StepOutcome.Step)
        ServerOptimiser.of(plan.serverOptimiser())
            .step(base, plan.updateFormat().decode(sum(updates)), state);
  }
}
