package io.tacit.client.behaviour;

import io.tacit.client.storage.CorruptFileException;
import io.tacit.client.storage.DeviceStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Tells a time that has really been reached from one that a clock showed by mistake.
 *
 * <p>Guarantee: a reading counts once the clock has shown a time at least a day later, with no
 * earlier one noticed in between. A clock that jumps ahead and comes back confirms nothing. The
 * reading that waits for this is kept in a file, since apps seldom run for a day.
 */
final class ClockWitness {

  private static final String FILE = "clock-reading";
  private static final long CONFIRMATION_MILLIS = Duration.ofDays(1).toMillis();

  private final DeviceStorage storage;

  /** Keeps its file in this storage. */
  ClockWitness(DeviceStorage storage) {
    this.storage = storage;
  }

  /**
   * Takes a reading.
   *
   * @return an earlier reading that this one confirms, in epoch milliseconds
   */
  OptionalLong confirmedBy(long epochMillis) throws IOException {
    OptionalLong waiting = read();
    boolean isLater =
        waiting.isPresent() && epochMillis - CONFIRMATION_MILLIS >= waiting.getAsLong();
    if (!waiting.isPresent() || epochMillis < waiting.getAsLong() || isLater) {
      storage.write(FILE, ByteBuffer.allocate(Long.BYTES).putLong(epochMillis).array());
    }
    return isLater ? waiting : OptionalLong.empty();
  }

  /** Forgets the reading that waits, because nothing depends on it any more. */
  void rest() throws IOException {
    storage.delete(FILE);
  }

  private OptionalLong read() throws IOException {
    try {
      Optional<byte[]> bytes = storage.read(FILE, Long.BYTES);
      return bytes.isPresent()
          ? OptionalLong.of(ByteBuffer.wrap(bytes.get()).getLong())
          : OptionalLong.empty();
    } catch (CorruptFileException e) {
      // As if there were none: the next reading has to wait for a day again.
      return OptionalLong.empty();
    }
  }
}
