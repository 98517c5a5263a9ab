package io.tacit.client.behaviour;

import java.time.Duration;
import java.util.Optional;

/**
 * How much behaviour a store keeps: the latest events, not older than an age, on so much disk;
 * whichever bound comes first. Immutable.
 */
public final class Retention {

  /** Most events that can be kept. */
  public static final int EVENTS_MAX = 1_000_000;

  /** Shortest age at which events can be dropped. */
  public static final Duration AGE_LEAST = Duration.ofDays(1);

  /** Longest age at which events can be dropped. */
  public static final Duration AGE_MOST = Duration.ofDays(36_500);

  /** Least disk that a store can be given. */
  public static final long BYTES_LEAST = 1 << 20;

  /** Most disk that a store can be given. */
  public static final long BYTES_MOST = 1L << 34;

  private static final long BYTES_USUAL = 1L << 28;

  private final int eventsMax;
  private final Optional<Duration> ageMax;
  private final long bytesMax;

  private Retention(int eventsMax, Optional<Duration> ageMax, long bytesMax) {
    this.eventsMax = eventsMax;
    this.ageMax = ageMax;
    this.bytesMax = bytesMax;
  }

  /** The latest 10 000 events of any age. */
  public static Retention defaults() {
    return latest(10_000);
  }

  /**
   * The latest events of any age, on 256 MiB at most.
   *
   * @param eventsMax 1 to 1 000 000
   */
  public static Retention latest(int eventsMax) {
    if (eventsMax < 1 || eventsMax > EVENTS_MAX) {
      throw new IllegalArgumentException(
          "eventsMax is " + eventsMax + ", must be 1 to " + EVENTS_MAX + "; 10000 is usual");
    }
    return new Retention(eventsMax, Optional.empty(), BYTES_USUAL);
  }

  /**
   * The same, without events that happened longer ago than this. They are not read any more from
   * then on, and removed from the disk after another eighth of the age and at least a day of the
   * clock (so that a clock that jumps ahead and comes back deletes nothing), while the store is in
   * use.
   *
   * @param ageMax 1 to 36 500 days
   */
  public Retention withAgeMax(Duration ageMax) {
    if (ageMax.compareTo(AGE_LEAST) < 0 || ageMax.compareTo(AGE_MOST) > 0) {
      throw new IllegalArgumentException(
          "ageMax is " + ageMax + ", must be 1 to 36500 days; 90 days are usual");
    }
    return new Retention(eventsMax, Optional.of(ageMax), bytesMax);
  }

  /**
   * The same, on at most so much disk.
   *
   * @param bytesMax 1 MiB to 16 GiB
   */
  public Retention withBytesMax(long bytesMax) {
    if (bytesMax < BYTES_LEAST || bytesMax > BYTES_MOST) {
      throw new IllegalArgumentException(
          "bytesMax is "
              + bytesMax
              + ", must be "
              + BYTES_LEAST
              + " to "
              + BYTES_MOST
              + "; 10000 events take about a megabyte");
    }
    return new Retention(eventsMax, ageMax, bytesMax);
  }

  /** The latest so many are kept; the disk holds a quarter more at most. */
  public int eventsMax() {
    return eventsMax;
  }

  /** Older ones are not kept, if there is a bound. */
  public Optional<Duration> ageMax() {
    return ageMax;
  }

  /** Bytes of all files together. */
  public long bytesMax() {
    return bytesMax;
  }

  @Override
  public String toString() {
    return "Retention[eventsMax="
        + eventsMax
        + ", ageMax="
        + ageMax
        + ", bytesMax="
        + bytesMax
        + "]";
  }
}
