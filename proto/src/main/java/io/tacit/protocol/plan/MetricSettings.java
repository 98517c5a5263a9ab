package io.tacit.protocol.plan;

import io.tacit.protocol.Names;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.privacy.NoisePlan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What devices report of the model that a round starts from: how well it does on examples that they
 * held back, summed over groups of devices. Each device is in one group at the most, so that it
 * changes the sums of all groups by a bounded vector. Immutable.
 *
 * @param heldBackShare share of devices that train nothing and only measure, 0 to 0.5
 * @param segments of the devices that train, by their number of examples, rising; at most 16; empty
 *     for all of them together
 * @param groupMinimum a group of fewer devices is not shown, 10 to 20 000
 * @param noiseMultiplier z of the published sums, 0 to 1e6; 0 if and only if the plan has no
 *     differential privacy
 * @param budget what metrics may cost, beside the updates
 * @param release which versions may be proposed for release
 */
public record MetricSettings(
    double heldBackShare,
    List<Segment> segments,
    int groupMinimum,
    double noiseMultiplier,
    PrivacySettings.Budget budget,
    ReleaseBound release) {

  /** By what L2 norm one device changes the sums at most: a one and two metrics of up to one. */
  public static final double NORM = Math.sqrt(WireLimits.METRIC_GROUP_LANES);

  /** The group of the devices that train nothing. */
  public static final String HELD_BACK = "held-back";

  /** The group of those that train, where a plan tells no segments apart. */
  public static final String TRAINING = "training";

  /** Fewer would say too much about each. */
  private static final int GROUP_FLOOR = 10;

  /**
   * Devices of similar experience.
   *
   * @param name 1 to 64 characters of a-z 0-9 - . _
   * @param examplesMinimum of a device in it, from 1; it ends where the next begins
   */
  public record Segment(String name, int examplesMinimum) {

    public Segment {
      if (!Names.isName(name) || name.equals(HELD_BACK)) {
        throw new InvalidPlanException(
            "evaluation.metrics.segments.name",
            "\"" + name + "\"",
            "1 to 64 characters of a-z 0-9 - . _ and not " + HELD_BACK,
            "name it for people");
      }
      Fields.within(
          "evaluation.metrics.segments.examples-minimum",
          examplesMinimum,
          1,
          Integer.MAX_VALUE,
          "the first segment usually begins at 1");
    }
  }

  /**
   * Which versions may be proposed for release.
   *
   * @param worseByMax by how much the mean of the first metric may be below that of the released
   *     version, 0 to 1
   * @param devicesMinimum that must have measured either, from 1
   * @param versions so many versions up to the one in question are taken together, 1 to 1000
   */
  public record ReleaseBound(double worseByMax, int devicesMinimum, int versions) {

    public ReleaseBound {
      Fields.within(
          "evaluation.metrics.release.worse-by-max",
          worseByMax,
          0,
          1,
          "0.02 is usual for hit rates");
      Fields.within(
          "evaluation.metrics.release.devices-minimum",
          devicesMinimum,
          1,
          1_000_000_000,
          "100 tell a difference of about 0.1");
      Fields.within(
          "evaluation.metrics.release.versions",
          versions,
          1,
          1000,
          "as many as it takes until enough devices have measured");
    }
  }

  public MetricSettings {
    Fields.within("evaluation.metrics.held-back-share", heldBackShare, 0, 0.5, "0.1 is usual");
    Fields.within(
        "evaluation.metrics.group-minimum",
        groupMinimum,
        GROUP_FLOOR,
        WireLimits.ROSTER_MAX,
        "a sum over few devices says much about each");
    Fields.within(
        "evaluation.metrics.noise-multiplier",
        noiseMultiplier,
        0,
        NoisePlan.NOISE_MULTIPLIER_MAX,
        "tacit privacy plan computes it for a target epsilon");
    segments = List.copyOf(segments);
    requireOrder(segments);
  }

  private static void requireOrder(List<Segment> segments) {
    Fields.within(
        "evaluation.metrics.segments",
        segments.size(),
        0,
        WireLimits.METRIC_GROUPS_MAX - 1,
        "join some");
    Set<String> names = new HashSet<>();
    for (int i = 0; i < segments.size(); i++) {
      Segment segment = segments.get(i);
      if (!names.add(segment.name())) {
        throw new InvalidPlanException(
            "evaluation.metrics.segments.name",
            "\"" + segment.name() + "\"",
            "different for each",
            "rename one");
      }
      if (i > 0 && segment.examplesMinimum() <= segments.get(i - 1).examplesMinimum()) {
        throw new InvalidPlanException(
            "evaluation.metrics.segments.examples-minimum",
            segment.examplesMinimum(),
            "above the " + segments.get(i - 1).examplesMinimum() + " of the segment before",
            "list them in rising order");
      }
    }
  }

  /** The names of all groups, in the order of their sums; 1 to 17. */
  public List<String> groups() {
    List<String> groups = new ArrayList<>();
    if (heldBackShare > 0) {
      groups.add(HELD_BACK);
    }
    for (Segment segment : segments) {
      groups.add(segment.name());
    }
    if (segments.isEmpty()) {
      groups.add(TRAINING);
    }
    return groups;
  }

  /**
   * The group of a device.
   *
   * @param isHeldBack whether it only measures
   * @param examples that it has
   * @return its place in {@link #groups()}; -1 if it is in none
   */
  public int group(boolean isHeldBack, int examples) {
    if (isHeldBack) {
      return heldBackShare > 0 ? 0 : -1;
    }
    int first = heldBackShare > 0 ? 1 : 0;
    if (segments.isEmpty()) {
      return first;
    }
    int segment = segments.size() - 1;
    while (segment >= 0 && examples < segments.get(segment).examplesMinimum()) {
      segment--;
    }
    return segment < 0 ? -1 : first + segment;
  }
}
