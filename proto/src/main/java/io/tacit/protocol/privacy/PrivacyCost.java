package io.tacit.protocol.privacy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a plan lets be learnt about one device: two numbers, always together, because the smaller
 * one alone would be a lie by omission; and what they assume.
 *
 * @param models against whoever sees every published model and not who took part
 * @param coordinator against the coordinator, which sees the sum of each shard and who is in it
 * @param assumptions one line each, for people; not empty
 */
public record PrivacyCost(PrivacyBound models, PrivacyBound coordinator, List<String> assumptions) {

  private static final String TRUSTED =
      "The coordinator is trusted: it sees sums without noise and adds the noise.";

  public PrivacyCost {
    if (assumptions.isEmpty()) {
      throw new IllegalArgumentException(
          "assumptions are empty, must be at least one line; a bound without them says nothing");
    }
    assumptions = List.copyOf(assumptions);
  }

  /**
   * The cost of taking part as often as a device ever will.
   *
   * @param delta above 0 and below 1/users
   * @param users devices that the population may have
   * @throws IllegalArgumentException if delta is out of range
   */
  public static PrivacyCost of(NoisePlan plan, Horizon horizon, double delta, long users) {
    PrivacyBound models = horizon.seenFromModels(plan.noiseMultiplier()).bound(delta, users);
    PrivacyBound coordinator =
        plan.isCentral()
            ? PrivacyBound.none(delta)
            : horizon.seenWithRosters(plan.shardNoiseMultiplier()).bound(delta, users);
    return new PrivacyCost(models, coordinator, assumptions(plan, horizon, users));
  }

  /**
   * The same where updates travel in the clear: the coordinator sees each by itself, and a model
   * may be of fewer devices than the noise was planned for.
   *
   * @param devicesMinimum whose updates a model is made of at the least, 1 or more
   */
  public static PrivacyCost inTheClear(
      NoisePlan plan, int devicesMinimum, Horizon horizon, double delta, long users) {
    double noiseMultiplier = plan.noiseMultiplierOf(devicesMinimum);
    List<String> lines = new ArrayList<>(common(plan, horizon));
    if (plan.isCentral()) {
      lines.add(TRUSTED);
    } else {
      lines.add(
          "At least "
              + Math.min(devicesMinimum, plan.honest())
              + " devices in a published model followed the protocol and added their noise.");
    }
    lines.add("Updates travel in the clear: nothing is hidden from the coordinator.");
    lines.addAll(population(users));
    return new PrivacyCost(
        horizon.seenFromModels(noiseMultiplier).bound(delta, users),
        PrivacyBound.none(delta),
        lines);
  }

  private static List<String> assumptions(NoisePlan plan, Horizon horizon, long users) {
    List<String> lines = new ArrayList<>(common(plan, horizon));
    if (plan.isCentral()) {
      lines.add(TRUSTED);
    } else {
      lines.add(
          "At least "
              + plan.honestPerShard()
              + " devices in the sum of a shard and "
              + plan.honest()
              + " in a published model followed the protocol and added their noise; fewer shards"
              + " publish no model.");
      lines.add(
          "The coordinator learns the sum of each shard and no more, as secure aggregation"
              + " guarantees if it does not run the authority that enrols devices.");
    }
    lines.addAll(population(users));
    return lines;
  }

  private static List<String> common(NoisePlan plan, Horizon horizon) {
    List<String> lines = new ArrayList<>();
    lines.add("The unit is one device; somebody with two of them is protected about half as well.");
    lines.add(
        "A device takes part in at most "
            + horizon.participationsMax()
            + " of "
            + horizon.rounds()
            + " rounds and keeps that count itself.");
    lines.add(
        horizon.samplingRate() < 1
            ? "Each device takes part with probability "
                + horizon.samplingRate()
                + ", by a secret coin of its own, and nobody publishes who did; that counts"
                + " against whoever sees the models, never against the coordinator."
            : "Nothing is claimed for being one of many who could have been chosen.");
    lines.add(
        String.format(
            Locale.ROOT,
            "One device changes a sum by at most %.4f, its clip norm of %.4f after rounding.",
            plan.sensitivity(),
            plan.clipNorm()));
    return lines;
  }

  private static List<String> population(long users) {
    return List.of(
        "Delta is below 1/" + users + ", one over the devices of the population.",
        "What devices measure is counted by itself where a plan asks for it, and other plans on the"
            + " same data cost extra.");
  }

  /** Both numbers, then the assumptions, a line each. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append("Against whoever sees the models: ").append(models).append('\n');
    text.append("Against the coordinator: ").append(coordinator).append('\n');
    for (String line : assumptions) {
      text.append("- ").append(line).append('\n');
    }
    return text.toString();
  }
}
