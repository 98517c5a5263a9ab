package io.tacit.client.schedule;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state in which a device must be to take part by itself. Immutable; each method returns a
 * changed copy.
 */
public final class Conditions {

  private final boolean idle;
  private final boolean charging;
  private final boolean unmetered;

  private Conditions(boolean idle, boolean charging, boolean unmetered) {
    this.idle = idle;
    this.charging = charging;
    this.unmetered = unmetered;
  }

  /** Idle, charging and on an unmetered network: the person does not notice. */
  public static Conditions unnoticed() {
    return new Conditions(true, true, true);
  }

  /** None: for devices that stand in a rack, and for development. */
  public static Conditions none() {
    return new Conditions(false, false, false);
  }

  /** The same, and nobody uses the device. */
  public Conditions whileIdle() {
    return new Conditions(true, charging, unmetered);
  }

  /** The same, and the device is charging. */
  public Conditions whileCharging() {
    return new Conditions(idle, true, unmetered);
  }

  /** The same, and the network does not cost by the byte. */
  public Conditions whileUnmetered() {
    return new Conditions(idle, charging, true);
  }

  /** Whether nobody may be using the device. */
  public boolean isIdleRequired() {
    return idle;
  }

  /** Whether the device must be charging. */
  public boolean isChargingRequired() {
    return charging;
  }

  /** Whether the network must not cost by the byte. */
  public boolean isUnmeteredRequired() {
    return unmetered;
  }

  /** Whether a device in this state may run. */
  public boolean areMetBy(DeviceState state) {
    return (!idle || state.isIdle())
        && (!charging || state.isCharging())
        && (!unmetered || state.isUnmetered());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Conditions that
        && idle == that.idle
        && charging == that.charging
        && unmetered == that.unmetered;
  }

  @Override
  public int hashCode() {
    return (idle ? 1 : 0) + (charging ? 2 : 0) + (unmetered ? 4 : 0);
  }

  /** In words, e.g. {@code idle and charging}. */
  @Override
  public String toString() {
    List<String> words = new ArrayList<>();
    if (idle) {
      words.add("idle");
    }
    if (charging) {
      words.add("charging");
    }
    if (unmetered) {
      words.add("on an unmetered network");
    }
    return words.isEmpty() ? "any state" : String.join(" and ", words);
  }
}
