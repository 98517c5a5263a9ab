package io.tacit.client.ledger;

import io.tacit.client.storage.Charge;
import io.tacit.client.storage.Spending;
import io.tacit.protocol.Internal;
import io.tacit.protocol.privacy.RdpAccountant;
import java.text.NumberFormat;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What all updates of a device together let be learnt about it, over all plans: two epsilons,
 * always to be shown together and with what they assume, because the smaller one alone misleads.
 *
 * <p>Guarantee: whatever else somebody knows, that this device took part multiplies the probability
 * of all that they see by at most e^epsilon, outcomes of a total probability of {@link #delta} left
 * out. Every update counts in full whose first byte may have left, of aborted rounds too. Assumes:
 * {@link #assumptions}. Immutable.
 */
public final class PrivacyTotals {

  private static final List<String> ASSUMPTIONS =
      List.of(
          "The unit is this device, over all plans; what left before the app was installed anew is"
              + " not counted.",
          "Every update that may have left counts in full, with what it told of its model, used or"
              + " not, also when its behaviour was forgotten since. Nothing is claimed for being"
              + " one of many.",
          "As many devices as each plan counts on added their noise, or the coordinator where the"
              + " plan trusts it to.",
          "The coordinator learns the sum of each session and no more, if it does not run the"
              + " authority that enrols devices.",
          "Delta is the smallest of the plans.");

  private static final long NEVER = Long.MAX_VALUE;

  private final long participations;
  private final long bytes;
  private final double delta;
  private final double epsilonModels;
  private final double epsilonCoordinator;
  private final long modelsUnboundedSince;
  private final long coordinatorUnboundedSince;

  private PrivacyTotals(List<Spending> spent) {
    RdpAccountant seenFromModels = RdpAccountant.EMPTY;
    RdpAccountant seenByCoordinator = RdpAccountant.EMPTY;
    long modelsDay = NEVER;
    long coordinatorDay = NEVER;
    long counted = 0;
    long sent = 0;
    double smallest = 1;
    for (Spending spending : spent) {
      Charge charge = spending.charge();
      long times = spending.participations();
      counted += times;
      sent += spending.bytes();
      smallest = charge.delta() > 0 ? Math.min(smallest, charge.delta()) : smallest;
      seenFromModels = seenFromModels.plus(charge.noiseMultiplier(), 1, times);
      seenByCoordinator = seenByCoordinator.plus(charge.shardNoiseMultiplier(), 1, times);
      if (charge.noiseMultiplier() == 0) {
        modelsDay = Math.min(modelsDay, spending.firstDay());
      }
      if (charge.shardNoiseMultiplier() == 0) {
        coordinatorDay = Math.min(coordinatorDay, spending.firstDay());
      }
    }
    this.participations = counted;
    this.bytes = sent;
    this.delta = smallest < 1 ? smallest : 0;
    this.epsilonModels = epsilon(seenFromModels, modelsDay);
    this.epsilonCoordinator = epsilon(seenByCoordinator, coordinatorDay);
    this.modelsUnboundedSince = modelsDay;
    this.coordinatorUnboundedSince = coordinatorDay;
  }

  /**
   * Adds up.
   *
   * @param spent by all participations of the device
   */
  @Internal
  public static PrivacyTotals of(List<Spending> spent) {
    return new PrivacyTotals(spent);
  }

  /** That delta is below one over their users, the plans have seen to. */
  private double epsilon(RdpAccountant seen, long unboundedSince) {
    if (unboundedSince != NEVER) {
      return Double.POSITIVE_INFINITY;
    }
    return participations == 0 ? 0 : seen.bound(delta, 1).epsilon();
  }

  /** How often this device has taken part, or may have. */
  public long participations() {
    return participations;
  }

  /** Bytes of all updates. */
  public long bytes() {
    return bytes;
  }

  /** Probability that both epsilons give away; 0 if no plan with noise was among them. */
  public double delta() {
    return delta;
  }

  /**
   * Against whoever sees every published model; infinite if nothing bounds it. Show {@link
   * #epsilonCoordinator} beside it.
   */
  public double epsilonModels() {
    return epsilonModels;
  }

  /**
   * Against the coordinator, which sees the sum of each session and who is in it; infinite if
   * nothing bounds it. Show {@link #epsilonModels} beside it.
   */
  public double epsilonCoordinator() {
    return epsilonCoordinator;
  }

  /**
   * The day, UTC by the device's clock, on which an update first left for a plan whose models have
   * no noise; 1970-01-01 if it was not written down. Empty if none did.
   */
  public Optional<LocalDate> modelsUnboundedSince() {
    return day(modelsUnboundedSince);
  }

  /** The same for updates that no noise hides from the coordinator. */
  public Optional<LocalDate> coordinatorUnboundedSince() {
    return day(coordinatorUnboundedSince);
  }

  private static Optional<LocalDate> day(long day) {
    return day == NEVER ? Optional.empty() : Optional.of(LocalDate.ofEpochDay(day));
  }

  /** What both epsilons rest on, a sentence or two each. Unmodifiable. */
  public List<String> assumptions() {
    return ASSUMPTIONS;
  }

  /** Both epsilons in a sentence each, for people, in English. */
  public String text() {
    return "This device has taken part "
        + NumberFormat.getIntegerInstance(Locale.ENGLISH).format(participations)
        + (participations == 1 ? " time" : " times")
        + ".\nAgainst whoever sees the models: "
        + words(epsilonModels, modelsUnboundedSince)
        + ".\nAgainst the coordinator: "
        + words(epsilonCoordinator, coordinatorUnboundedSince)
        + ".";
  }

  private String words(double epsilon, long unboundedSince) {
    if (Double.isInfinite(epsilon)) {
      return "unbounded"
          + (unboundedSince > 0 ? " since " + LocalDate.ofEpochDay(unboundedSince) : "")
          + ", as an update left without noise against them";
    }
    // Rounded up, so that it never looks better than it is.
    return String.format(Locale.ROOT, "epsilon %.2f", Math.ceil(epsilon * 100) / 100)
        + (delta > 0 ? " at delta " + delta : "");
  }

  /** The member "totals" of the export. */
  String toJson() {
    return "{\"participations\":"
        + participations
        + ",\"bytes\":"
        + bytes
        + ",\"delta\":"
        + delta
        + ",\"epsilonModels\":"
        + json(epsilonModels)
        + ",\"epsilonCoordinator\":"
        + json(epsilonCoordinator)
        + ",\"modelsUnboundedSince\":"
        + json(modelsUnboundedSince)
        + ",\"coordinatorUnboundedSince\":"
        + json(coordinatorUnboundedSince)
        + ",\"assumptions\":[\""
        + String.join("\",\"", ASSUMPTIONS)
        + "\"]}";
  }

  private static String json(double epsilon) {
    return Double.isInfinite(epsilon) ? "\"unbounded\"" : String.valueOf(epsilon);
  }

  private static String json(long day) {
    return day == NEVER ? "null" : "\"" + LocalDate.ofEpochDay(day) + "\"";
  }

  @Override
  public String toString() {
    return text();
  }
}
