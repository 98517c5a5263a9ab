package io.tacit.coordinator.release;

import io.tacit.coordinator.database.Database;
import io.tacit.coordinator.database.DuplicateRowException;
import io.tacit.coordinator.database.Row;
import io.tacit.coordinator.database.Transaction;
import io.tacit.coordinator.models.ModelRegistry;
import io.tacit.protocol.Names;
import io.tacit.protocol.PlanId;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;

/**
 * What devices measured of each model version, by group of devices. Reports of one group add up.
 * Thread-safe.
 */
public final class MetricLedger {

  private final Database database;
  private final ModelRegistry models;

  /** A ledger over its table. */
  public MetricLedger(Database database, ModelRegistry models) {
    this.database = database;
    this.models = models;
  }

  /**
   * Adds a report. When this returns, it is durable.
   *
   * @param group which devices, a name
   * @return what there is now of that version and group; empty if the plan has no such version
   * @throws IllegalArgumentException if the group is no name, or there are too many devices
   */
  public Optional<MetricSums> add(PlanId plan, int version, String group, MetricSums report) {
    Names.check("group", group);
    Optional<MetricSums> sums;
    try {
      sums =
          database.inTransaction(transaction -> addTo(transaction, plan, version, group, report));
    } catch (DuplicateRowException e) {
      // The first report of this group came in between; now it is in sight.
      sums =
          database.inTransaction(transaction -> addTo(transaction, plan, version, group, report));
    }
    database.makeDurable();
    return sums;
  }

  private Optional<MetricSums> addTo(
      Transaction transaction, PlanId plan, int version, String group, MetricSums report) {
    return models.find(transaction, plan, version).isEmpty()
        ? Optional.empty()
        : Optional.of(add(transaction, plan, version, group, report));
  }

  private static MetricSums add(
      Transaction transaction, PlanId plan, int version, String group, MetricSums report) {
    Optional<MetricSums> before = find(transaction, plan, version, group);
    if (before.isEmpty()) {
      transaction.update(
          "insert into model_metric (plan_id, model_version, device_group, devices, total,"
              + " total_squares) values (?, ?, ?, ?, ?, ?)",
          plan.value(),
          version,
          group,
          report.devices(),
          report.total(),
          report.squares());
      return report;
    }
    MetricSums together = before.get().plus(report);
    transaction.update(
        "update model_metric set devices = ?, total = ?, total_squares = ?"
            + " where plan_id = ? and model_version = ? and device_group = ?",
        together.devices(),
        together.total(),
        together.squares(),
        plan.value(),
        version,
        group);
    return together;
  }

  /** What a group measured of a version; empty if nothing came. */
  public Optional<MetricSums> find(PlanId plan, int version, String group) {
    return database.inTransaction(transaction -> find(transaction, plan, version, group));
  }

  private static Optional<MetricSums> find(
      Transaction transaction, PlanId plan, int version, String group) {
    // Locked, so that of two reports at once the second adds to what the first made.
    return transaction.first(
        MetricLedger::read,
        "select devices, total, total_squares from model_metric"
            + " where plan_id = ? and model_version = ? and device_group = ? for update",
        plan.value(),
        version,
        group);
  }

  private static MetricSums read(Row row) throws SQLException {
    return new MetricSums(
        row.longInteger("devices"),
        Objects.requireNonNull(row.numberOrNull("total")),
        Objects.requireNonNull(row.numberOrNull("total_squares")));
  }
}
