package io.tacit.coordinator.metrics;

import io.tacit.coordinator.database.Database;
import io.tacit.coordinator.database.DuplicateRowException;
import io.tacit.coordinator.database.Row;
import io.tacit.coordinator.database.Transaction;
import io.tacit.coordinator.models.ModelRegistry;
import io.tacit.protocol.Names;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.plan.GroupMetrics;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What devices measured of each model version, by group of devices: the sums of rounds, once each,
 * and what operators report, which adds up.
 *
 * <p>Guarantee: nothing is handed out of a group that has fewer devices, after noise, than the plan
 * of its round asked for, neither by itself nor in a sum with others. Thread-safe.
 */
public final class MetricLedger {

  /** Reports of operators come from no plan that names a minimum. */
  private static final int REPORT_DEVICES_MINIMUM = 10;

  private static final String COLUMNS =
      "model_version, device_group, round, devices, first_total, first_squares, second_total,"
          + " noise_variance, devices_minimum";

  /** The round of what operators report. */
  private static final long NO_ROUND = 0;

  private final Database database;
  private final ModelRegistry models;

  /** Who says what devices measured. */
  public enum Source {
    /** The devices, in rounds. */
    ROUNDS,
    /** Operators, in reports of exact sums. */
    REPORTS
  }

  /** A ledger over its table. */
  public MetricLedger(Database database, ModelRegistry models) {
    this.database = database;
    this.models = models;
  }

  // ---- rounds ----

  /**
   * Keeps what the published sum of a round says, in the caller's transaction.
   *
   * @param version that the round's devices measured: the one that the round started from
   * @param round its number
   * @param groupMinimum a group of fewer devices is never shown
   * @param groups with their noise
   * @throws DuplicateRowException if there are metrics of that round already
   */
  public void addRound(
      Transaction transaction,
      PlanId plan,
      int version,
      long round,
      int groupMinimum,
      List<GroupMetrics> groups) {
    for (GroupMetrics group : groups) {
      insert(
          transaction,
          plan,
          new Sums(
              version,
              group.group(),
              round,
              group.devices(),
              group.first(),
              null,
              group.second(),
              group.noiseVariance(),
              groupMinimum));
    }
  }

  // ---- reports ----

  /**
   * Adds a report of exact sums. When this returns, it is durable.
   *
   * @param group which devices, a name
   * @return what is shown now of what was reported of that version and group; empty if the plan has
   *     no such version
   * @throws IllegalArgumentException if the group is no name, or there are too many devices
   */
  public Optional<Measured> add(PlanId plan, int version, String group, MetricSums report) {
    Names.check("group", group);
    Optional<Sums> sums;
    try {
      sums =
          database.inTransaction(transaction -> addTo(transaction, plan, version, group, report));
    } catch (DuplicateRowException e) {
      // The first report of this group came in between; now it is in sight.
      sums =
          database.inTransaction(transaction -> addTo(transaction, plan, version, group, report));
    }
    database.makeDurable();
    return sums.map(Sums::shown);
  }

  private Optional<Sums> addTo(
      Transaction transaction, PlanId plan, int version, String group, MetricSums report) {
    return models.find(transaction, plan, version).isEmpty()
        ? Optional.empty()
        : Optional.of(add(transaction, plan, version, group, report));
  }

  private static Sums add(
      Transaction transaction, PlanId plan, int version, String group, MetricSums report) {
    // Locked, so that of two reports at once the second adds to what the first made.
    Optional<Sums> before =
        transaction.first(
            MetricLedger::read,
            "select "
                + COLUMNS
                + " from group_metric where plan_id = ? and model_version = ? and device_group = ?"
                + " and round = ? for update",
            plan.value(),
            version,
            group,
            NO_ROUND);
    if (before.isEmpty()) {
      Sums first = Sums.reported(version, group, report);
      insert(transaction, plan, first);
      return first;
    }
    MetricSums both = before.get().firstSums().plus(report);
    // Out of the range of a report: as if all of it had come at once.
    MetricSums together = MetricSums.exact((long) both.devices(), both.total(), both.squares());
    transaction.update(
        "update group_metric set devices = ?, first_total = ?, first_squares = ?"
            + " where plan_id = ? and model_version = ? and device_group = ? and round = ?",
        together.devices(),
        together.total(),
        together.squares(),
        plan.value(),
        version,
        group,
        NO_ROUND);
    return Sums.reported(version, group, together);
  }

  // ---- what is shown ----

  /**
   * What is shown of versions, the newest first, then by group.
   *
   * @param first version
   * @param last version
   */
  public List<Measured> list(PlanId plan, int first, int last) {
    return database.inTransaction(
        transaction ->
            transaction.list(
                row -> read(row).shown(),
                "select "
                    + COLUMNS
                    + " from group_metric where plan_id = ? and model_version >= ? and"
                    + " model_version <= ? order by model_version desc, device_group, round",
                plan.value(),
                first,
                last));
  }

  /**
   * What is shown of one group by one source, the newest version first; what is suppressed is left
   * out.
   *
   * @param first version
   * @param last version
   */
  public List<Measured> shown(PlanId plan, String group, int first, int last, Source source) {
    String rounds = source == Source.REPORTS ? "round = ?" : "round > ?";
    return database
        .inTransaction(
            transaction ->
                transaction.list(
                    row -> read(row).shown(),
                    "select "
                        + COLUMNS
                        + " from group_metric where plan_id = ? and model_version >= ? and"
                        + " model_version <= ? and device_group = ? and "
                        + rounds
                        + " order by model_version desc, round",
                    plan.value(),
                    first,
                    last,
                    group,
                    NO_ROUND))
        .stream()
        .filter(measured -> !measured.isSuppressed())
        .toList();
  }

  // ---- rows ----

  /** A row, with all that must not be shown. */
  private record Sums(
      int version,
      String group,
      long round,
      double devices,
      double first,
      @Nullable Double squares,
      @Nullable Double second,
      double noiseVariance,
      int devicesMinimum) {

    static Sums reported(int version, String group, MetricSums report) {
      return new Sums(
          version,
          group,
          NO_ROUND,
          report.devices(),
          report.total(),
          report.squares(),
          null,
          0,
          REPORT_DEVICES_MINIMUM);
    }

    MetricSums firstSums() {
      return squares == null
          ? MetricSums.ofRound(devices, first, noiseVariance)
          : new MetricSums(devices, first, squares, noiseVariance);
    }

    /** What is not finite is no figure: it is hidden too. */
    private boolean isShown() {
      return devices >= devicesMinimum
          && Double.isFinite(devices)
          && Double.isFinite(first)
          && (second == null || Double.isFinite(second));
    }

    Measured shown() {
      boolean isShown = isShown();
      return new Measured(
          version,
          group,
          round,
          isShown ? firstSums() : null,
          isShown && second != null ? MetricSums.ofRound(devices, second, noiseVariance) : null,
          noiseVariance);
    }
  }

  private static void insert(Transaction transaction, PlanId plan, Sums sums) {
    transaction.update(
        "insert into group_metric (plan_id, " + COLUMNS + ") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        plan.value(),
        sums.version(),
        sums.group(),
        sums.round(),
        sums.devices(),
        sums.first(),
        sums.squares(),
        sums.second(),
        sums.noiseVariance(),
        sums.devicesMinimum());
  }

  private static Sums read(Row row) throws SQLException {
    return new Sums(
        row.integer("model_version"),
        row.text("device_group"),
        row.longInteger("round"),
        row.number("devices"),
        row.number("first_total"),
        row.numberOrNull("first_squares"),
        row.numberOrNull("second_total"),
        row.number("noise_variance"),
        row.integer("devices_minimum"));
  }
}
