package io.tacit.client.behaviour;

import io.tacit.client.behaviour.IntegrityReport.Findings;
import io.tacit.client.storage.DurableFile;
import io.tacit.client.storage.ExclusiveLock;
import io.tacit.client.storage.Vault;
import io.tacit.protocol.Internal;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A behaviour store in append-only files, the segments, of a directory of its own.
 *
 * <p>Guarantee: an event is there whole or not at all. What a death of the process left half
 * written is cut off; what is damaged is skipped and reported, and everything else is kept. The
 * store belongs to one object of one process from {@link #open} to {@link #close}. Safe for use by
 * threads: one that reads holds up one that records for no longer than it takes to read a segment,
 * a megabyte at most.
 *
 * <p>In memory are some numbers for each segment; events are read when they are asked for. It holds
 * two open files.
 */
public final class FileBehaviourStore implements BehaviourStore, Closeable {

  private static final String LOCK = ".behaviour.lock";

  private final Path directory;
  private final SegmentLimits limits;
  private final Clock clock;
  private final ExclusiveLock lock;
  private final SegmentLog log;
  private final IntegrityReport foundAtOpening;
  private volatile IntegrityReport foundInWindow = new Findings().report();
  private final RecentWindow window;
  private boolean closed;

  private FileBehaviourStore(
      SegmentSeals seals, SegmentLimits limits, Clock clock, ExclusiveLock lock, FileLayer files)
      throws IOException {
    this.directory = seals.directory();
    this.limits = limits;
    this.clock = clock;
    this.lock = lock;
    Findings findings = new Findings();
    this.log = SegmentLog.open(new SegmentDirectory(seals, files), limits, clock, findings);
    this.foundAtOpening = findings.report();
    this.window = new RecentWindow(Math.min(WINDOW_EVENTS, limits.eventsMax()));
  }

  /**
   * Opens a store without encryption in a directory, which is made if it is missing. Takes a few
   * milliseconds with any number of events.
   *
   * @param directory for this store alone
   * @param retention how much is kept; it may differ from that of the last time
   * @param clock tells the age of events
   * @throws io.tacit.client.storage.InUseException if another process or object has it open
   * @throws IOException if the storage fails
   */
  public static FileBehaviourStore open(Path directory, Retention retention, Clock clock)
      throws IOException {
    SegmentSeals none = SegmentSeals.none(directory);
    return open(none, SegmentLimits.of(retention), clock, DurableFile::open);
  }

  /**
   * The same with encryption.
   *
   * @param vault open for as long as the store is
   * @param part name of the store's directory in that of the vault
   * @throws io.tacit.client.storage.CorruptFileException if the vault has been set back
   */
  @Internal
  public static FileBehaviourStore open(Vault vault, String part, Retention retention, Clock clock)
      throws IOException {
    SegmentSeals seals = SegmentSeals.of(vault, part);
    return open(seals, SegmentLimits.of(retention), clock, DurableFile::open);
  }

  static FileBehaviourStore open(
      SegmentSeals seals, SegmentLimits limits, Clock clock, FileLayer files) throws IOException {
    DurableFile.createDirectories(seals.directory());
    ExclusiveLock lock = ExclusiveLock.acquire(seals.directory().resolve(LOCK));
    boolean opened = false;
    try {
      FileBehaviourStore store = new FileBehaviourStore(seals, limits, clock, lock, files);
      opened = true;
      return store;
    } finally {
      if (!opened) {
        lock.close();
      }
    }
  }

  @Override
  public synchronized void record(List<BehaviourEvent> events) throws IOException {
    checkOpen();
    boolean recorded = false;
    try {
      log.append(events);
      window.added(events);
      recorded = true;
    } finally {
      if (!recorded) {
        window.clear();
      }
    }
  }

  @Override
  public synchronized void sync() throws IOException {
    checkOpen();
    log.sync();
  }

  @Override
  public IntegrityReport scan(Consumer<BehaviourEvent> visitor) throws IOException {
    return read(limits.eventsMax(), limits.readableFrom(clock.millis()), visitor);
  }

  @Override
  public List<BehaviourEvent> latest(int count) throws IOException {
    if (count < 0) {
      throw new IllegalArgumentException(
          "count is " + count + ", must be at least 0; " + WINDOW_EVENTS + " is usual");
    }
    List<BehaviourEvent> events = new ArrayList<>();
    long readableFrom = limits.readableFrom(clock.millis());
    read(Math.min(count, limits.eventsMax()), readableFrom, events::add);
    return events;
  }

  /**
   * {@inheritDoc}
   *
   * <p>They stay in memory until something else needs it, and as long as they are the same events,
   * this is the same list: who makes something of it can keep that with the list.
   */
  @Override
  public List<BehaviourEvent> events() throws IOException {
    long readableFrom = limits.readableFrom(clock.millis());
    int changes;
    synchronized (this) {
      checkOpen();
      List<BehaviourEvent> held = window.from(readableFrom);
      if (held != null) {
        return held;
      }
      changes = window.changes();
    }
    List<BehaviourEvent> all = new ArrayList<>();
    foundInWindow = read(Math.min(WINDOW_EVENTS, limits.eventsMax()), Long.MIN_VALUE, all::add);
    synchronized (this) {
      if (changes == window.changes()) {
        return window.fill(all, readableFrom);
      }
    }
    // Somebody recorded meanwhile; the next one finds a quieter moment.
    return latest(WINDOW_EVENTS);
  }

  /**
   * Reads everything that is on the disk and compares it with its checksums.
   *
   * @return what is damaged, in numbers and places
   * @throws IOException if the storage fails
   */
  public IntegrityReport verify() throws IOException {
    return read(Integer.MAX_VALUE, Long.MIN_VALUE, event -> {});
  }

  /**
   * What was torn or damaged in the part that opening had to read: the last segment, and others
   * that had lost their end. It is read once; {@link #verify} reads all.
   */
  public IntegrityReport foundAtOpening() {
    return foundAtOpening;
  }

  /** What was damaged where {@link #events} looked last, from the disk. */
  public IntegrityReport foundInWindow() {
    return foundInWindow;
  }

  private IntegrityReport read(int latest, long readableFrom, Consumer<BehaviourEvent> visitor)
      throws IOException {
    Findings findings = new Findings();
    EventCodec codec = new EventCodec();
    List<SegmentLog.Part> parts;
    synchronized (this) {
      checkOpen();
      parts = log.latest(latest);
    }
    for (SegmentLog.Part part : parts) {
      SegmentReader reader;
      synchronized (this) {
        checkOpen();
        reader = log.read(part.number(), findings);
      }
      while (reader.next()) {
        if (reader.ordinal() >= part.from() && reader.millis() >= readableFrom) {
          deliver(reader, codec, visitor, findings);
        }
      }
    }
    return findings.report();
  }

  private static void deliver(
      SegmentReader reader, EventCodec codec, Consumer<BehaviourEvent> visitor, Findings findings) {
    BehaviourEvent event;
    try {
      event = reader.event(codec);
    } catch (IOException e) {
      reader.noteUndecodable();
      return;
    }
    findings.intact();
    visitor.accept(event);
  }

  @Override
  public synchronized int count() {
    checkOpen();
    return Math.min(log.records(), limits.eventsMax());
  }

  /** Bytes that the events take on the disk. */
  public synchronized long bytes() {
    checkOpen();
    return log.bytes();
  }

  @Override
  public synchronized Erasure forget() throws IOException {
    checkOpen();
    window.clear();
    return log.erase();
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException(this + " is closed; open it again");
    }
  }

  /** Lets others open the store; what was recorded stays. Doing so again changes nothing. */
  @Override
  public synchronized void close() throws IOException {
    closed = true;
    window.clear();
    try {
      log.close();
    } finally {
      lock.close();
    }
  }

  /** Prints where, not what. */
  @Override
  public String toString() {
    return "FileBehaviourStore[" + directory + "]";
  }
}
