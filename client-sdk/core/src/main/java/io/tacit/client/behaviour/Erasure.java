package io.tacit.client.behaviour;

/** What {@link BehaviourStore#forget} deleted, in numbers. Immutable. */
public final class Erasure {

  private final int events;
  private final int files;
  private final long bytes;

  private Erasure(int events, int files, long bytes) {
    this.events = events;
    this.files = files;
    this.bytes = bytes;
  }

  /** That this much was deleted. */
  public static Erasure of(int events, int files, long bytes) {
    return new Erasure(events, files, bytes);
  }

  /** Events in the deleted files, damaged ones included. */
  public int events() {
    return events;
  }

  /** Deleted files. */
  public int files() {
    return files;
  }

  /** Bytes of the deleted files. */
  public long bytes() {
    return bytes;
  }

  @Override
  public String toString() {
    return "removed " + events + " events in " + files + " files of " + bytes + " bytes";
  }
}
