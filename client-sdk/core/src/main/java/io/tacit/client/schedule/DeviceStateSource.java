package io.tacit.client.schedule;

/** Knows what the device is like now. Must not block for long; called from one thread. */
@FunctionalInterface
public interface DeviceStateSource {

  /** What the device is like now. */
  DeviceState now();
}
