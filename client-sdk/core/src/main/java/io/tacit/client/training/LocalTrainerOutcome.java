package io.tacit.client.training;

import io.tacit.protocol.plan.MetricReport;
import org.jspecify.annotations.Nullable;

/** How a local training ended. */
public sealed interface LocalTrainerOutcome {

  /** The device has something to bring to the round. */
  sealed interface Finished extends LocalTrainerOutcome {

    /** What it measured of the announced model; null for nothing. */
    @Nullable MetricReport report();
  }

  /**
   * It gave an update.
   *
   * @param update not yet clipped
   */
  record Trained(LocalUpdate update, @Nullable MetricReport report) implements Finished {}

  /**
   * The device is held back: it trains nothing under this plan and only measures. What it brings is
   * no update, in the shape of one.
   */
  record HeldBack(@Nullable MetricReport report) implements Finished {}

  /**
   * It gave none; the device stays out of the round.
   *
   * @param reason for code
   * @param detail for people; holds no data of the device
   */
  record StayedOut(Reason reason, String detail) implements LocalTrainerOutcome {}

  /** Why a device stays out of a round. */
  enum Reason {
    /** The device has fewer examples than the plan asks for. */
    TOO_FEW_EXAMPLES,
    /** The device's data does not fit the plan's features. */
    SCHEMA_DOES_NOT_FIT,
    /** The device's training engine can not do what the plan asks for. */
    ENGINE_CAN_NOT,
    /** Training left the finite numbers. */
    DIVERGED
  }
}
