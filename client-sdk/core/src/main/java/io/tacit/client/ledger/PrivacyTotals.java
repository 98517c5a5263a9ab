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
import java.util.function.ToDoubleFunction;

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
          "The unit is this device, with all plans together that learn from its behaviour; what"
              + " left before the app was installed anew is not counted.",
          "Every update that may have left counts in full, whether it was used or not, and also"
              + " when its behaviour was forgotten since. Nothing is claimed for being one of many"
              + " who could have taken part.",
          "At least as many devices as each plan counts on added their noise, and no model is"
              + " published of fewer; under a plan that leaves the noise to the coordinator, the"
              + " coordinator added it.",
          "The coordinator learns the sum of each session and no more, if it does not run the"
              + " authority that enrols devices.",
          "Delta is the smallest of the plans that this device took part in.");

  private final long participations;
  private final long bytes;
  private final double delta;
  private final double epsilonModels;
  private final double epsilonCoordinator;
  private final Optional<LocalDate> modelsUnboundedSince;
  private final Optional<LocalDate> coordinatorUnboundedSince;

  private PrivacyTotals(List<Spending> spent) {
    this.participations = spent.stream().mapToLong(Spending::participations).sum();
    this.bytes = spent.stream().mapToLong(Spending::bytes).sum();
    this.delta =
        spent.stream()
            .mapToDouble(spending -> spending.charge().delta())
            .filter(known -> known > 0)
            .min()
            .orElse(0);
    this.epsilonModels = epsilon(spent, delta, Charge::noiseMultiplier);
    this.epsilonCoordinator = epsilon(spent, delta, Charge::shardNoiseMultiplier);
    this.modelsUnboundedSince = unboundedSince(spent, Charge::noiseMultiplier);
    this.coordinatorUnboundedSince = unboundedSince(spent, Charge::shardNoiseMultiplier);
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

  private static double epsilon(
      List<Spending> spent, double delta, ToDoubleFunction<Charge> noiseMultiplier) {
    if (spent.isEmpty() || delta == 0) {
      return spent.isEmpty() ? 0 : Double.POSITIVE_INFINITY;
    }
    RdpAccountant seen = RdpAccountant.EMPTY;
    for (Spending spending : spent) {
      double z = noiseMultiplier.applyAsDouble(spending.charge());
      seen = seen.plus(z, 1, spending.participations());
    }
    return seen.bound(delta, 1).epsilon(); // that it is below 1/users, each plan has seen to
  }

  private static Optional<LocalDate> unboundedSince(
      List<Spending> spent, ToDoubleFunction<Charge> noiseMultiplier) {
    return spent.stream()
        .filter(spending -> noiseMultiplier.applyAsDouble(spending.charge()) == 0)
        .map(spending -> LocalDate.ofEpochDay(spending.firstDay()))
        .min(LocalDate::compareTo);
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
    return modelsUnboundedSince;
  }

  /** The same for updates that no noise hides from the coordinator. */
  public Optional<LocalDate> coordinatorUnboundedSince() {
    return coordinatorUnboundedSince;
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

  private String words(double epsilon, Optional<LocalDate> unboundedSince) {
    if (Double.isInfinite(epsilon)) {
      boolean isDayKnown = unboundedSince.isPresent() && unboundedSince.get().toEpochDay() > 0;
      return "unbounded"
          + (isDayKnown ? " since " + unboundedSince.get() : "")
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

  private static String json(Optional<LocalDate> day) {
    return day.map(known -> "\"" + known + "\"").orElse("null");
  }

  @Override
  public String toString() {
    return text();
  }
}
