package io.tacit.client.schedule;

/** What a device is like at a moment. Immutable. */
public final class DeviceState {

  private final boolean idle;
  private final boolean charging;
  private final boolean unmetered;

  private DeviceState(boolean idle, boolean charging, boolean unmetered) {
    this.idle = idle;
    this.charging = charging;
    this.unmetered = unmetered;
  }

  /**
   * A device that is so.
   *
   * @param idle nobody uses it
   * @param charging it gets power
   * @param unmetered its network does not cost by the byte
   */
  public static DeviceState of(boolean idle, boolean charging, boolean unmetered) {
    return new DeviceState(idle, charging, unmetered);
  }

  /** Whether nobody uses it. */
  public boolean isIdle() {
    return idle;
  }

  /** Whether it gets power. */
  public boolean isCharging() {
    return charging;
  }

  /** Whether its network does not cost by the byte. */
  public boolean isUnmetered() {
    return unmetered;
  }

  @Override
  public String toString() {
    return "DeviceState[idle " + idle + ", charging " + charging + ", unmetered " + unmetered + "]";
  }
}
