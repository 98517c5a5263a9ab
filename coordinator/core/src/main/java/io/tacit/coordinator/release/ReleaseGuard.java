package io.tacit.coordinator.release;

import io.tacit.coordinator.database.Database;
import io.tacit.coordinator.database.DuplicateRowException;
import io.tacit.coordinator.metrics.MetricLedger;
import io.tacit.coordinator.metrics.MetricSums;
import io.tacit.coordinator.models.ModelRegistry;
import io.tacit.coordinator.models.ModelVersion;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.plan.MetricSettings;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares model versions with the one that is released for all devices by what held-back devices
 * measured, and proposes those that are not worse. A version that a share of the devices has is a
 * candidate like the others.
 *
 * <p>Guarantee: a version is proposed only if enough devices have measured it and the released one,
 * and it is not worse by more than the bound, with a certainty of 95 % for each version that is
 * looked at and, where sums have noise, by what the noise left of them. Assumes: sums that are what
 * devices measured. A proposal puts nothing in force: that is for the owner's signature.
 * Thread-safe.
 */
public final class ReleaseGuard {

  /** The group of devices that count: they measure every version and train none. */
  public static final String HELD_BACK = MetricSettings.HELD_BACK;

  private final Database database;
  private final ModelRegistry models;
  private final ReleaseRegistry releases;
  private final MetricLedger metrics;
  private final GuardRules rules;
  private final Clock clock;

  /** A guard over the registries and its own table. */
  public ReleaseGuard(
      Database database,
      ModelRegistry models,
      ReleaseRegistry releases,
      MetricLedger metrics,
      GuardRules rules,
      Clock clock) {
    this.database = database;
    this.models = models;
    this.releases = releases;
    this.metrics = metrics;
    this.rules = rules;
    this.clock = clock;
  }

  /**
   * What the guard says of a version now.
   *
   * @return empty if the plan's model has no such version
   */
  public Optional<Candidate> candidate(PlanId plan, int version) {
    return models
        .find(plan, version)
        .map(model -> judge(plan, version, releases.forAll(plan), rules.of(plan)));
  }

  /**
   * The newest versions that devices do not have yet, the newest first.
   *
   * @param limit at most so many
   */
  public List<Candidate> candidates(PlanId plan, int limit) {
    Optional<ReleasedModel> inForce = releases.forAll(plan);
    int released = inForce.map(model -> model.release().modelVersion()).orElse(0);
    int newest = models.latest(plan).map(ModelVersion::version).orElse(0);
    GuardRule rule = rules.of(plan);
    List<Candidate> candidates = new ArrayList<>();
    for (int version = newest; version > released && candidates.size() < limit; version--) {
      candidates.add(judge(plan, version, inForce, rule));
    }
    return candidates;
  }

  private Candidate judge(
      PlanId plan, int version, Optional<ReleasedModel> inForce, GuardRule rule) {
    if (inForce.isEmpty()) {
      return new Candidate(
          version,
          measured(plan, 0, version, rule),
          null,
          new Candidate.Objection(
              Candidate.Reason.NOTHING_RELEASED,
              "nothing is released of plan "
                  + plan
                  + " that it could be compared with; release a first version by hand"));
    }
    int released = inForce.get().release().modelVersion();
    // A newer version never borrows from the released one: it would look more like it than it is.
    MetricSums sums = measured(plan, version > released ? released + 1 : 0, version, rule);
    MetricSums present = measured(plan, 0, released, rule);
    return new Candidate(version, sums, present, objection(version, sums, released, present, rule));
  }

  /**
   * Of a version and those before it that the rule takes together with it; nothing as long as the
   * version itself was not measured: those before it alone say nothing of a sudden change.
   */
  private @Nullable MetricSums measured(PlanId plan, int lowest, int version, GuardRule rule) {
    if (metrics.sums(plan, HELD_BACK, version, version, rule.source()).isEmpty()) {
      return null;
    }
    int first = Math.max(lowest, version - rule.versions() + 1);
    return metrics.sums(plan, HELD_BACK, first, version, rule.source()).orElse(null);
  }

  private Candidate.@Nullable Objection objection(
      int version,
      @Nullable MetricSums sums,
      int released,
      @Nullable MetricSums present,
      GuardRule rule) {
    return version <= released
        ? new Candidate.Objection(
            Candidate.Reason.NOT_NEWER,
            "devices have version "
                + released
                + ", which is not older; to go back, use tacit model rollback")
        : Candidate.objection(sums, present, rule);
  }

  /** Whether reports of operators count for a plan; where devices report in rounds they do not. */
  public boolean countsReports(PlanId plan) {
    return rules.of(plan).source() == MetricLedger.Source.REPORTS;
  }

  /** Proposes a version if nothing is against it. When this returns, a proposal is durable. */
  public ProposalOutcome propose(PlanId plan, int version) {
    Optional<Candidate> candidate = candidate(plan, version);
    if (candidate.isEmpty()) {
      return new ProposalOutcome.UnknownVersion();
    } else if (candidate.get().objection() != null) {
      return new ProposalOutcome.Refused(candidate.get());
    }
    int released = releases.forAll(plan).orElseThrow().release().number();
    try {
      database.doInTransaction(
          transaction ->
              transaction.update(
                  "insert into model_proposal (plan_id, model_version, released, proposed_at)"
                      + " values (?, ?, ?, ?)",
                  plan.value(),
                  version,
                  released,
                  clock.instant().truncatedTo(ChronoUnit.MILLIS)));
    } catch (DuplicateRowException e) {
      // It was proposed before, and still is.
    }
    database.makeDurable();
    return new ProposalOutcome.Proposed(candidate.get());
  }

  /** Whether a version was proposed in place of the release that is in force for all now. */
  public boolean isProposed(PlanId plan, int version) {
    Optional<ReleasedModel> inForce = releases.forAll(plan);
    return inForce.isPresent()
        && database.inTransaction(
            transaction ->
                transaction
                    .first(
                        row -> row.integer("model_version"),
                        "select model_version from model_proposal"
                            + " where plan_id = ? and model_version = ? and released = ?",
                        plan.value(),
                        version,
                        inForce.get().release().number())
                    .isPresent());
  }
}
