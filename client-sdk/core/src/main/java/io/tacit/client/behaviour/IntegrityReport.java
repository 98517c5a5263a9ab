package io.tacit.client.behaviour;

import io.tacit.client.storage.FileFault;
import java.util.ArrayList;
import java.util.List;

/** How much of a store could be read, and what could not: numbers and places only. Immutable. */
public final class IntegrityReport {

  /** Places that are listed; more are counted only. */
  public static final int PLACES_MAX = 1_000;

  private final int eventsIntact;
  private final int eventsDamaged;
  private final long bytesDamaged;
  private final long bytesTorn;
  private final int damagedPlaces;
  private final List<Place> places;

  private IntegrityReport(Findings findings) {
    this.eventsIntact = findings.eventsIntact;
    this.eventsDamaged = findings.eventsDamaged;
    this.bytesDamaged = findings.bytesDamaged;
    this.bytesTorn = findings.bytesTorn;
    this.damagedPlaces = findings.damagedPlaces;
    this.places = List.copyOf(findings.places);
  }

  /** Events that were read. */
  public int eventsIntact() {
    return eventsIntact;
  }

  /** Events that were skipped, as far as that can be told; behind a cut nobody knows. */
  public int eventsDamaged() {
    return eventsDamaged;
  }

  /** Bytes that were skipped because they do not match their checksum. */
  public long bytesDamaged() {
    return bytesDamaged;
  }

  /**
   * Bytes of events that were still being written when the process ended: nobody was told that
   * these were recorded.
   */
  public long bytesTorn() {
    return bytesTorn;
  }

  /** How many ranges of bytes were damaged. */
  public int damagedPlaces() {
    return damagedPlaces;
  }

  /** Where something was damaged or torn, the first {@value #PLACES_MAX}. Unmodifiable. */
  public List<Place> places() {
    return places;
  }

  /** Whether nothing was damaged; a torn end is no damage. */
  public boolean isIntact() {
    return damagedPlaces == 0;
  }

  @Override
  public String toString() {
    return eventsIntact
        + " events intact, "
        + eventsDamaged
        + " damaged ("
        + bytesDamaged
        + " bytes), "
        + bytesTorn
        + " bytes torn, at "
        + places;
  }

  /** A range of a file that could not be read. Immutable. */
  public static final class Place {

    private final String file;
    private final long offset;
    private final long bytes;
    private final String reason;

    Place(String file, long offset, long bytes, String reason) {
      this.file = file;
      this.offset = offset;
      this.bytes = bytes;
      this.reason = reason;
    }

    /** Name of the file in the store's directory. */
    public String file() {
      return file;
    }

    /** First byte that could not be read. */
    public long offset() {
      return offset;
    }

    /** How many could not; 0 if the file is too short. */
    public long bytes() {
      return bytes;
    }

    /**
     * What is wrong with the file or this part of it, for people, as a clause that follows the
     * file's name.
     */
    public String reason() {
      return reason;
    }

    @Override
    public String toString() {
      String range = file + ":" + offset + "+" + bytes;
      return reason.equals(FileFault.DAMAGED.clause()) ? range : range + " " + reason;
    }
  }

  /** Collects what a report says. Not thread-safe. */
  static final class Findings {

    private int eventsIntact;
    private int eventsDamaged;
    private long bytesDamaged;
    private long bytesTorn;
    private int damagedPlaces;
    private final List<Place> places = new ArrayList<>();

    /** An event was read. */
    void intact() {
      eventsIntact++;
    }

    /** A range, with so many events in it, could not be read. */
    void damaged(String file, long offset, long bytes, int events) {
      damaged(file, offset, bytes, events, FileFault.DAMAGED);
    }

    /** The same, for another reason. */
    void damaged(String file, long offset, long bytes, int events, FileFault why) {
      damagedPlaces++;
      eventsDamaged += events;
      bytesDamaged += bytes;
      place(file, offset, bytes, why);
    }

    /** The last file ends in the middle of an event. */
    void torn(String file, long offset, long bytes) {
      bytesTorn += bytes;
      place(file, offset, bytes, FileFault.DAMAGED);
    }

    private void place(String file, long offset, long bytes, FileFault why) {
      if (places.size() < PLACES_MAX) {
        places.add(new Place(file, offset, bytes, why.clause()));
      }
    }

    IntegrityReport report() {
      return new IntegrityReport(this);
    }
  }
}
