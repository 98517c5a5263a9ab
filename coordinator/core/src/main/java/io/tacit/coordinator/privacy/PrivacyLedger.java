package io.tacit.coordinator.privacy;

import io.tacit.coordinator.database.Database;
import io.tacit.coordinator.database.Row;
import io.tacit.coordinator.database.Transaction;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.plan.MetricSettings;
import io.tacit.protocol.plan.PrivacySettings;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.privacy.PrivacyBound;
import io.tacit.protocol.privacy.RdpAccountant;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * The coordinator's list of what sums told about devices, and the budget that plans set it.
 *
 * <p>Guarantee: a charge is written in the same transaction as the transition after which the sum
 * can be known, once for each session and mechanism, and is never taken back: also an aborted
 * session may have told. Updates and metrics have budgets of their own, and what both tell together
 * is always said. Assumes that no device takes part in more rounds of a plan than any of its
 * versions allowed, which devices count themselves; what other plans on the same data tell comes on
 * top. Thread-safe; methods block for the database.
 */
public final class PrivacyLedger {

  /** Of the sum of updates. */
  private static final String UPDATES = "UPDATES";

  /** Of the sums of what devices measured. */
  private static final String METRICS = "METRICS";

  private final Database database;

  /** A ledger over a migrated database. */
  public PrivacyLedger(Database database) {
    this.database = database;
  }

  /**
   * Charges a session in the caller's transaction: its updates, and what its devices measured where
   * the plan asks for that.
   *
   * @throws io.tacit.coordinator.database.DuplicateRowException if it was charged before
   */
  public void charge(Transaction transaction, PrivacyCharge charge) {
    RoundPrice price = RoundPrice.of(charge.plan());
    charge(transaction, charge, UPDATES, price.updates(), price.participationsMax());
    Multipliers metrics = price.metrics();
    if (metrics != null) {
      charge(transaction, charge, METRICS, metrics, price.participationsMax());
    }
  }

  private static void charge(
      Transaction transaction,
      PrivacyCharge charge,
      String mechanism,
      Multipliers noise,
      int participationsMax) {
    transaction.update(
        "insert into privacy_charge (session, mechanism, plan, round, plan_version,"
            + " noise_multiplier, shard_noise_multiplier, participations_max, contributors,"
            + " charged_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        charge.session().toHex(),
        mechanism,
        charge.round().plan().value(),
        charge.round().number(),
        charge.plan().version(),
        noise.models(),
        noise.coordinator(),
        participationsMax,
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
    Multipliers metrics = each.metrics();
    database.doDurably(
        transaction ->
            transaction.update(
                "insert into lost_rounds (plan, first_round, last_round, noise_multiplier,"
                    + " shard_noise_multiplier, metric_noise_multiplier,"
                    + " metric_shard_noise_multiplier, participations_max, noted_at)"
                    + " values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                plan.id().value(),
                first,
                last,
                each.updates().models(),
                each.updates().coordinator(),
                metrics == null ? null : metrics.models(),
                metrics == null ? null : metrics.coordinator(),
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
    List<Use> atCap = List.of(new Use(RoundPrice.of(plan), noise.participationsMax()));
    boolean hasMetrics = withMetrics(uses) || withMetrics(atCap);
    return Optional.of(
        new PrivacyStanding(
            uses.stream().mapToLong(Use::rounds).sum(),
            uses.stream()
                .filter(use -> use.price().together().models() == 0)
                .mapToLong(Use::rounds)
                .sum(),
            spending(uses, atCap, noise, PrivacyLedger::ofUpdates),
            hasMetrics
                ? Optional.of(spending(uses, atCap, noise, PrivacyLedger::ofMetrics))
                : Optional.empty(),
            spending(uses, atCap, noise, PrivacyLedger::ofBoth),
            assumptions(plan),
            objection(plan, noise, uses)));
  }

  private static List<String> assumptions(TrainingPlan plan) {
    List<String> lines = new ArrayList<>(plan.privacyCost().orElseThrow().assumptions());
    plan.metricNoise()
        .ifPresent(
            metrics ->
                lines.add(
                    String.format(
                        Locale.ROOT,
                        "By what it measured, one device changes the sums of all groups together by"
                            + " at most %.4f; they have noise of their own, and both together count"
                            + " as two sums of one round.",
                        metrics.sensitivity())));
    return lines;
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
    Optional<String> ofUpdates =
        overBudget(
            "privacy budget",
            "privacy.",
            bounds(after, noise, PrivacyLedger::ofUpdates),
            noise.budget());
    MetricSettings metrics = plan.evaluation().metrics();
    return metrics == null
        ? ofUpdates
        : ofUpdates.or(
            () ->
                overBudget(
                    "privacy budget of metrics",
                    "evaluation.metrics.",
                    bounds(after, noise, PrivacyLedger::ofMetrics),
                    metrics.budget()));
  }

  private static Optional<String> overBudget(
      String what, String section, PrivacyStanding.Bounds bounds, PrivacySettings.Budget budget) {
    return overBudget(
            what,
            bounds.models(),
            budget.models(),
            "whoever sees the models",
            section + "epsilon-models-max")
        .or(
            () ->
                overBudget(
                    what,
                    bounds.coordinator(),
                    budget.coordinator(),
                    "the coordinator",
                    section + "epsilon-coordinator-max"));
  }

  private static Optional<String> overBudget(
      String what, PrivacyBound bound, double budget, String adversary, String field) {
    return bound.epsilon() > budget
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "%s: after one more round, epsilon against %s could be %s, %s is %s;"
                    + " raise it in a new version of the plan, or leave the model as it is",
                what,
                adversary,
                Double.isInfinite(bound.epsilon())
                    ? "unbounded"
                    : String.format(Locale.ROOT, "%.4f", bound.epsilon()),
                field,
                budget))
        : Optional.empty();
  }

  // ---- what rounds cost ----

  /** So many rounds of one price. */
  private record Use(RoundPrice price, long rounds) {}

  /** What of a price is looked at; empty if the round had none of it. */
  private interface Part extends Function<RoundPrice, Optional<Multipliers>> {}

  private static Optional<Multipliers> ofUpdates(RoundPrice price) {
    return Optional.of(price.updates());
  }

  private static Optional<Multipliers> ofMetrics(RoundPrice price) {
    return Optional.ofNullable(price.metrics());
  }

  private static Optional<Multipliers> ofBoth(RoundPrice price) {
    return Optional.of(price.together());
  }

  private static boolean withMetrics(List<Use> uses) {
    return uses.stream().anyMatch(use -> use.price().metrics() != null);
  }

  private List<Use> uses(PlanId plan) {
    return database.inTransaction(
        transaction ->
            transaction.list(
                PrivacyLedger::use,
                "select u.noise_multiplier, u.shard_noise_multiplier,"
                    + " m.noise_multiplier as metric_noise_multiplier,"
                    + " m.shard_noise_multiplier as metric_shard_noise_multiplier,"
                    + " u.participations_max, count(distinct u.round) as rounds"
                    + " from privacy_charge u left join privacy_charge m"
                    + " on m.session = u.session and m.mechanism = ?"
                    + " where u.plan = ? and u.mechanism = ?"
                    + " group by u.noise_multiplier, u.shard_noise_multiplier,"
                    + " m.noise_multiplier, m.shard_noise_multiplier, u.participations_max"
                    + " union all select noise_multiplier, shard_noise_multiplier,"
                    + " metric_noise_multiplier, metric_shard_noise_multiplier,"
                    + " participations_max, last_round - first_round + 1"
                    + " from lost_rounds where plan = ?",
                METRICS,
                plan.value(),
                UPDATES,
                plan.value()));
  }

  private static Use use(Row row) throws SQLException {
    Double metrics = row.numberOrNull("metric_noise_multiplier");
    return new Use(
        new RoundPrice(
            new Multipliers(row.number("noise_multiplier"), row.number("shard_noise_multiplier")),
            metrics == null
                ? null
                : new Multipliers(metrics, row.number("metric_shard_noise_multiplier")),
            row.integer("participations_max")),
        row.longInteger("rounds"));
  }

  private static PrivacyStanding.Spending spending(
      List<Use> soFar, List<Use> atCap, PrivacySettings.Noise noise, Part part) {
    return new PrivacyStanding.Spending(bounds(soFar, noise, part), bounds(atCap, noise, part));
  }

  private static PrivacyStanding.Bounds bounds(
      List<Use> uses, PrivacySettings.Noise noise, Part part) {
    return new PrivacyStanding.Bounds(
        bound(uses, noise, part, Multipliers::models),
        bound(uses, noise, part, Multipliers::coordinator));
  }

  /** The dearest rounds, as many as a device may have been in, added up. */
  private static PrivacyBound bound(
      List<Use> uses, PrivacySettings.Noise noise, Part part, ToDoubleFunction<Multipliers> view) {
    long left =
        Math.max(
            noise.participationsMax(),
            uses.stream().mapToLong(use -> use.price().participationsMax()).max().orElse(0));
    List<Sum> dearestFirst =
        uses.stream()
            .flatMap(use -> Sum.of(use, part, view).stream())
            .sorted(Comparator.comparingDouble(Sum::noiseMultiplier))
            .toList();
    RdpAccountant spent = RdpAccountant.EMPTY;
    for (Sum sum : dearestFirst) {
      long taken = Math.min(left, sum.rounds());
      spent = spent.plus(sum.noiseMultiplier(), 1, taken);
      left -= taken;
    }
    return spent.bound(noise.delta(), noise.users());
  }

  /** The sums of so many rounds, as somebody sees them. */
  private record Sum(double noiseMultiplier, long rounds) {

    static Optional<Sum> of(Use use, Part part, ToDoubleFunction<Multipliers> view) {
      return part.apply(use.price()).map(noise -> new Sum(view.applyAsDouble(noise), use.rounds()));
    }
  }
}
