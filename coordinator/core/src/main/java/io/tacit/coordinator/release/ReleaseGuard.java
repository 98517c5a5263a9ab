package io.tacit.coordinator.release;

import io.tacit.coordinator.database.Database;
import io.tacit.coordinator.database.DuplicateRowException;
import io.tacit.coordinator.metrics.Measured;
import io.tacit.coordinator.metrics.MetricLedger;
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
 * and the lower end of an approximate one-sided 95 % interval of the difference, noise counted in,
 * is not below minus the bound. Each look has a chance of about 5 % to let a version through that
 * is worse by just the bound: of many versions, some. Assumes: sums that are what devices measured,
 * of devices that are alike from round to round. A proposal puts nothing in force: that is for the
 * owner's signature. Thread-safe.
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

  /** What the versions of a plan are compared with, read once for all that are looked at. */
  private record Yardstick(
      @Nullable ReleasedModel inForce, @Nullable Findings findings, int newest, GuardRule rule) {

    /** The version that all devices have; 0 if nothing is released. */
    int released() {
      return inForce == null ? 0 : inForce.release().modelVersion();
    }
  }

  private Yardstick yardstick(PlanId plan) {
    Optional<ReleasedModel> inForce = releases.forAll(plan);
    GuardRule rule = rules.of(plan);
    return new Yardstick(
        inForce.orElse(null),
        inForce
            .flatMap(model -> ofReleased(plan, model.release().modelVersion(), rule))
            .orElse(null),
        models.latest(plan).map(ModelVersion::version).orElse(0),
        rule);
  }

  /**
   * What the guard says of a version now.
   *
   * @return empty if the plan's model has no such version
   */
  public Optional<Candidate> candidate(PlanId plan, int version) {
    return models.find(plan, version).map(model -> judge(plan, version, yardstick(plan)));
  }

  /**
   * The newest versions that devices do not have yet, the newest first.
   *
   * @param limit at most so many
   */
  public List<Candidate> candidates(PlanId plan, int limit) {
    Yardstick yardstick = yardstick(plan);
    List<Candidate> candidates = new ArrayList<>();
    for (int version = yardstick.newest();
        version > yardstick.released() && candidates.size() < limit;
        version--) {
      candidates.add(judge(plan, version, yardstick));
    }
    return candidates;
  }

  private Candidate judge(PlanId plan, int version, Yardstick yardstick) {
    int released = yardstick.released();
    // A newer version never borrows from the released one: it would look more like it than it is.
    boolean mayBorrow = yardstick.inForce() == null || version <= released;
    Findings findings =
        ofCandidate(plan, mayBorrow ? 0 : released + 1, version, yardstick.rule()).orElse(null);
    return new Candidate(
        version, findings, yardstick.findings(), objection(plan, version, findings, yardstick));
  }

  private static Candidate.@Nullable Objection objection(
      PlanId plan, int version, @Nullable Findings findings, Yardstick yardstick) {
    if (yardstick.inForce() == null) {
      return new Candidate.Objection(
          Candidate.Reason.NOTHING_RELEASED,
          "nothing is released of plan "
              + plan
              + " that it could be compared with; release a first version by hand");
    } else if (version <= yardstick.released()) {
      return new Candidate.Objection(
          Candidate.Reason.NOT_NEWER,
          "devices have version "
              + yardstick.released()
              + ", which is not older; to go back, use tacit model rollback");
    }
    return new Objections(yardstick.rule(), version == yardstick.newest())
        .of(findings, yardstick.findings());
  }

  /**
   * Of a version and those before it that the rule takes together with it; nothing as long as
   * nothing is shown of the version itself: those before it alone say nothing of a sudden change.
   */
  private Optional<Findings> ofCandidate(PlanId plan, int lowest, int version, GuardRule rule) {
    List<Measured> window = window(plan, lowest, version, rule);
    return window.stream().anyMatch(measured -> measured.version() == version)
        ? Findings.of(window, rule.repeats())
        : Optional.empty();
  }

  /**
   * Of the released version and those before it, also if its own round gave nothing: it was chosen
   * already, and without them nothing newer could ever be compared with it.
   */
  private Optional<Findings> ofReleased(PlanId plan, int version, GuardRule rule) {
    return Findings.of(window(plan, 0, version, rule), rule.repeats());
  }

  private List<Measured> window(PlanId plan, int lowest, int version, GuardRule rule) {
    int first = Math.max(lowest, version - rule.versions() + 1);
    return metrics.shown(plan, HELD_BACK, first, version, rule.source());
  }

  /** Whether reports of operators count for a plan; where devices report in rounds they do not. */
  public boolean countsReports(PlanId plan) {
    return rules.of(plan).source() == MetricLedger.Source.REPORTS;
  }

  /** Proposes a version if nothing is against it. When this returns, a proposal is durable. */
  public ProposalOutcome propose(PlanId plan, int version) {
    if (models.find(plan, version).isEmpty()) {
      return new ProposalOutcome.UnknownVersion();
    }
    Yardstick yardstick = yardstick(plan);
    Candidate candidate = judge(plan, version, yardstick);
    ReleasedModel inForce = yardstick.inForce();
    if (inForce == null || candidate.objection() != null) {
      return new ProposalOutcome.Refused(candidate);
    }
    // Of the release that it was compared with, whatever was released since.
    int released = inForce.release().number();
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
    return new ProposalOutcome.Proposed(candidate);
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
