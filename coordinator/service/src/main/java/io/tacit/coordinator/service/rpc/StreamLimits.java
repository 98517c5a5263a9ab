package io.tacit.coordinator.service.rpc;

import java.time.Duration;

/**
 * Bounds of the streams that devices keep open.
 *
 * @param streamsMax uploads and downloads open at a time, 1 to 100 000; each may hold a chunk of
 *     memory
 * @param idle how long a stream may stand still for its device, 1 s to 1 h
 */
public record StreamLimits(int streamsMax, Duration idle) {

  public StreamLimits {
    if (streamsMax < 1 || streamsMax > 100_000) {
      throw new IllegalArgumentException("streams-max is " + streamsMax + ", must be 1 to 100000");
    }
    if (idle.compareTo(Duration.ofSeconds(1)) < 0 || idle.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException("stream-idle is " + idle + ", must be PT1S to PT1H");
    }
  }
}
