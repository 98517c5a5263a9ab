package io.tacit.coordinator.privacy;

import io.tacit.coordinator.database.Database;
import io.tacit.coordinator.database.Transaction;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.plan.PrivacySettings;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.privacy.PrivacyBound;
import io.tacit.protocol.privacy.RdpAccountant;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * The coordinator's list of what sums told about devices, and the budget that plans set it.
 *
 * <p>Guarantee: a charge is written in the same transaction as the transition after which the sum
 * can be known, once for each session, and is never taken back: also an aborted session may have
 * told. Assumes that no device takes part in more rounds of a plan than any of its versions
 * allowed, which devices count themselves; what other plans on the same data tell comes on top.
 * Thread-safe; methods block for the database.
 */
public final class PrivacyLedger {

  private static final String UPDATES = "UPDATES";

  private final Database database;

  /** A ledger over a migrated database. */
  public PrivacyLedger(Database database) {
    this.database = database;
  }

  /**
   * Charges a session in the caller's transaction.
   *
   * @throws io.tacit.coordinator.database.DuplicateRowException if it was charged before
   */
  public void charge(Transaction transaction, PrivacyCharge charge) {
    RoundPrice price = RoundPrice.of(charge.plan());
    transaction.update(
        "insert into privacy_charge (session, mechanism, plan, round, plan_version,"
            + " noise_multiplier, shard_noise_multiplier, participations_max, contributors,"
            + " charged_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        charge.session().toHex(),
        UPDATES,
        charge.round().plan().value(),
        charge.round().number(),
        charge.plan().version(),
        price.models(),
        price.coordinator(),
        price.participationsMax(),
        charge.contributors(),
        charge.at());
  }

  /**
   * Notes that rounds of a plan took place of which this database knows nothing, because it was put
   * back from a backup: they are counted at the noise of the version in force, and their numbers,
   * which devices have spent, are not given again. Durable at return.
   *
   * @param first of the rounds: the one after the last that the backup holds, whatever was opened
   *     since it was put back
   * @param last of them
   * @throws io.tacit.coordinator.database.DuplicateRowException if that was noted before
   */
  public void noteLost(TrainingPlan plan, long first, long last, Instant at) {
    RoundPrice each = RoundPrice.of(plan);
    database.doDurably(
        transaction ->
            transaction.update(
                "insert into lost_rounds (plan, first_round, last_round, noise_multiplier,"
                    + " shard_noise_multiplier, participations_max, noted_at)"
                    + " values (?, ?, ?, ?, ?, ?, ?)",
                plan.id().value(),
                first,
                last,
                each.models(),
                each.coordinator(),
                each.participationsMax(),
                at));
  }

  /** The last round of a plan that was noted as lost; 0 if none was. */
  public long lastLost(PlanId plan) {
    return database.inTransaction(
        transaction ->
            transaction
                .first(
                    row -> row.longInteger("last"),
                    "select coalesce(max(last_round), 0) as last from lost_rounds where plan = ?",
                    plan.value())
                .orElse(0L));
  }

  /** Where a plan stands; empty if its version in force has no differential privacy. */
  public Optional<PrivacyStanding> standing(TrainingPlan plan) {
    if (!(plan.privacy() instanceof PrivacySettings.Noise noise)) {
      return Optional.empty();
    }
    List<Use> uses = uses(plan.id());
    return Optional.of(
        new PrivacyStanding(
            uses.stream().mapToLong(Use::rounds).sum(),
            uses.stream().filter(use -> use.price().models() == 0).mapToLong(Use::rounds).sum(),
            bound(uses, noise, View.MODELS),
            bound(uses, noise, View.COORDINATOR),
            plan.privacyCost().orElseThrow(),
            objection(plan, noise, uses)));
  }

  /** Why a plan must not have another round; empty if it may. */
  public Optional<String> objectionTo(TrainingPlan plan) {
    return plan.privacy() instanceof PrivacySettings.Noise noise
        ? objection(plan, noise, uses(plan.id()))
        : Optional.empty();
  }

  private static Optional<String> objection(
      TrainingPlan plan, PrivacySettings.Noise noise, List<Use> uses) {
    List<Use> after = new ArrayList<>(uses);
    after.add(new Use(RoundPrice.of(plan), 1));
    return overBudget(
            bound(after, noise, View.MODELS),
            noise.budget().models(),
            "whoever sees the models",
            "privacy.epsilon-models-max")
        .or(
            () ->
                overBudget(
                    bound(after, noise, View.COORDINATOR),
                    noise.budget().coordinator(),
                    "the coordinator",
                    "privacy.epsilon-coordinator-max"));
  }

  private static Optional<String> overBudget(
      PrivacyBound bound, double budget, String adversary, String field) {
    return bound.epsilon() > budget
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "privacy budget: after one more round, epsilon against %s could be %s, %s is %s;"
                    + " raise it in a new version of the plan, or leave the model as it is",
                adversary,
                Double.isInfinite(bound.epsilon())
                    ? "unbounded"
                    : String.format(Locale.ROOT, "%.4f", bound.epsilon()),
                field,
                budget))
        : Optional.empty();
  }

  /** Against whom. */
  private enum View {
    MODELS,
    COORDINATOR
  }

  /** So many rounds of one price. */
  private record Use(RoundPrice price, long rounds) {

    double noiseMultiplier(View view) {
      return view == View.MODELS ? price.models() : price.coordinator();
    }
  }

  private List<Use> uses(PlanId plan) {
    return database.inTransaction(
        transaction ->
            transaction.list(
                row ->
                    new Use(
                        new RoundPrice(
                            Objects.requireNonNull(row.numberOrNull("noise_multiplier")),
                            Objects.requireNonNull(row.numberOrNull("shard_noise_multiplier")),
                            row.integer("participations_max")),
                        row.longInteger("rounds")),
                "select noise_multiplier, shard_noise_multiplier, participations_max,"
                    + " count(distinct round) as rounds from privacy_charge where plan = ? and"
                    + " mechanism = ? group by noise_multiplier, shard_noise_multiplier,"
                    + " participations_max union all select noise_multiplier,"
                    + " shard_noise_multiplier, participations_max, last_round - first_round + 1"
                    + " from lost_rounds where plan = ?",
                plan.value(),
                UPDATES,
                plan.value()));
  }

  /** The dearest rounds, as many as a device may have been in, added up. */
  private static PrivacyBound bound(List<Use> uses, PrivacySettings.Noise noise, View view) {
    long left =
        Math.max(
            noise.participationsMax(),
            uses.stream().mapToLong(use -> use.price().participationsMax()).max().orElse(0));
    List<Use> dearestFirst =
        uses.stream()
            .sorted(
                (one, other) ->
                    Double.compare(one.noiseMultiplier(view), other.noiseMultiplier(view)))
            .toList();
    RdpAccountant spent = RdpAccountant.EMPTY;
    for (Use use : dearestFirst) {
      long taken = Math.min(left, use.rounds());
      spent = spent.plus(use.noiseMultiplier(view), 1, taken);
      left -= taken;
    }
    return spent.bound(noise.delta(), noise.users());
  }
}
