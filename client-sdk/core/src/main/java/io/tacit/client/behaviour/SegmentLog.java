package io.tacit.client.behaviour;

import io.tacit.client.behaviour.IntegrityReport.Findings;
import io.tacit.client.storage.FileFault;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The segments of a store: sealed ones, and one that grows. Keeps the retention. Not thread-safe;
 * assumes that nobody else writes to the directory.
 */
final class SegmentLog implements Closeable {

  private static final long LOOK_MILLIS = Duration.ofDays(1).toMillis();

  private final SegmentDirectory directory;
  private final SegmentLimits limits;
  private final Clock clock;
  private final ClockWitness witness;

  private final NavigableMap<Long, Segment> sealed = new TreeMap<>();
  private @Nullable ActiveSegment active;
  private long lastNumber;

  /** Sealed segments of which this process does not know that they are on the disk. */
  private final TreeSet<Long> unsynced = new TreeSet<>();

  private boolean namesUnsynced = true;

  /** Events of an erasure that has begun and failed; nothing is written before it is complete. */
  private OptionalInt erasing = OptionalInt.empty();

  private long lookedAt;

  private SegmentLog(SegmentDirectory directory, SegmentLimits limits, Clock clock)
      throws IOException {
    this.directory = directory;
    this.limits = limits;
    this.clock = clock;
    this.witness = new ClockWitness(directory.seals().storage());
  }

  /**
   * Opens what is in a directory: the end marks of all segments, and the last segment as a whole.
   *
   * @param findings gets what is damaged in segments that had to be read
   */
  static SegmentLog open(
      SegmentDirectory directory, SegmentLimits limits, Clock clock, Findings findings)
      throws IOException {
    SegmentLog log = new SegmentLog(directory, limits, clock);
    boolean opened = false;
    try {
      List<Long> numbers = directory.recover();
      for (int i = 0; i < numbers.size(); i++) {
        log.take(numbers.get(i), i == numbers.size() - 1, findings);
      }
      log.noteMissing(numbers, findings);
      log.keepRetention();
      opened = true;
      return log;
    } finally {
      if (!opened) {
        log.close();
      }
    }
  }

  /** Says which segments are not there that should be, and writes to none of their names. */
  private void noteMissing(List<Long> there, Findings findings) {
    for (String name : directory.seals().names()) {
      long number = Long.parseLong(name.substring(name.lastIndexOf('-') + 1));
      lastNumber = Math.max(lastNumber, number);
      int records = directory.seals().recordsLeast(number);
      if (!there.contains(number) && records >= 0) {
        findings.damaged(SegmentDirectory.name(number), 0, 0, records, FileFault.MISSING);
      }
    }
  }

  private void take(long number, boolean last, Findings findings) throws IOException {
    lastNumber = number;
    unsynced.add(number);
    Optional<Segment> index = directory.index(number);
    if (index.isPresent()) {
      sealed.put(number, index.get());
      return;
    }
    byte[] bytes = directory.read(number, Long.MAX_VALUE, findings);
    SegmentSeal seal = directory.seals().read(number, bytes);
    if (seal.fault() == FileFault.MISSING) {
      unsynced.remove(number);
      directory.drop(number);
      return;
    }
    SegmentReader reader = new SegmentReader(seal, bytes, !last, findings);
    // A look into a thousand events would be a third of a start, and the next look is not far.
    boolean passed = last && seal.isEncrypted() && seal.fault() == null;
    if (passed) {
      reader.pass();
    }
    while (reader.next()) {
      findings.intact();
    }
    int known = reader.records() + reader.damagedAtEnd();
    int lost = directory.seals().recordsLeast(number) - known;
    if (lost > 0 && (seal.fault() == null || seal.fault() == FileFault.DAMAGED)) {
      findings.damaged(SegmentDirectory.name(number), 0, 0, lost, FileFault.ROLLED_BACK);
    }
    if (!last || reader.isSealed()) {
      sealed.put(
          number,
          new Segment(number, reader.records(), bytes.length, reader.oldest(), reader.newest()));
      return;
    }
    unsynced.remove(number);
    active = ActiveSegment.resume(directory, reader, !passed);
    if (bytes.length > reader.intactEnd() || reader.isHeaderDamaged()) {
      active.repair();
    }
  }

  /**
   * Adds events.
   *
   * @throws IOException if the storage fails; the first of them may be there then
   */
  void append(List<BehaviourEvent> events) throws IOException {
    if (erasing.isPresent()) {
      erase();
    }
    for (BehaviourEvent event : events) {
      byte[] body = EventCodec.encode(event);
      segmentFor(body.length).add(body, event.epochMillis());
    }
    if (active != null) {
      active.flush();
    }
    long now = clock.millis();
    if (now < lookedAt || now - lookedAt >= LOOK_MILLIS) {
      keepAge(now);
    }
  }

  private ActiveSegment segmentFor(int bodyLength) throws IOException {
    ActiveSegment segment = active;
    if (segment != null
        && !segment.hasRoom(bodyLength, limits.segmentEventsMax(), limits.segmentBytesMax())) {
      segment.flush();
      seal(segment);
      keepRetention();
      segment = null;
    }
    if (segment == null) {
      segment = ActiveSegment.begin(directory, ++lastNumber);
      active = segment;
      namesUnsynced = true;
    }
    return segment;
  }

  private void seal(ActiveSegment segment) throws IOException {
    sealed.put(segment.number(), segment.seal());
    unsynced.add(segment.number());
    active = null;
  }

  private void keepRetention() throws IOException {
    while (!sealed.isEmpty() && (isBehindCount(first()) || leavesNoRoom())) {
      drop(first());
    }
    keepAge(clock.millis());
  }

  private Segment first() {
    return sealed.firstEntry().getValue();
  }

  private boolean isBehindCount(Segment segment) {
    return records() - segment.records() >= limits.eventsMax();
  }

  private boolean leavesNoRoom() {
    long bytes = limits.segmentBytesMax();
    for (Segment segment : sealed.values()) {
      bytes += segment.bytes();
    }
    return bytes > limits.bytesMax();
  }

  private void drop(Segment segment) throws IOException {
    directory.drop(segment.number());
    sealed.remove(segment.number());
    unsynced.remove(segment.number());
  }

  /**
   * Removes events that were too old when the clock showed a time that it has really reached. A
   * full disk may have no room for that: nothing is lost then, readers see nothing too old anyway,
   * and it is tried again.
   */
  private void keepAge(long now) {
    lookedAt = now;
    if (!limits.ageMaxMillis().isPresent()) {
      return;
    }
    try {
      if (oldest() >= limits.overdueBefore(now)) {
        witness.rest();
        return;
      }
      OptionalLong reached = witness.confirmedBy(now);
      if (reached.isPresent()) {
        removeBefore(limits.readableFrom(reached.getAsLong()));
      }
    } catch (IOException e) {
      // Said above. Recording must not fail because of something that can wait.
    }
  }

  private long oldest() throws IOException {
    long oldest = active == null ? Long.MAX_VALUE : active.oldest();
    for (Segment segment : sealed.values()) {
      oldest = Math.min(oldest, segment.oldest());
    }
    return oldest;
  }

  private void removeBefore(long epochMillis) throws IOException {
    ActiveSegment growing = active;
    if (growing != null && growing.records() > 0 && growing.oldest() < epochMillis) {
      seal(growing);
    }
    for (Segment segment : new ArrayList<>(sealed.values())) {
      if (segment.newest() < epochMillis && segment.records() > 0) {
        drop(segment);
      } else if (segment.oldest() < epochMillis) {
        rewriteFrom(epochMillis, segment);
      }
    }
  }

  /** Writes a segment anew with the events that are not older than this. */
  private void rewriteFrom(long epochMillis, Segment segment) throws IOException {
    long number = segment.number();
    SegmentReader reader = read(number, new Findings());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SegmentSeal seal = directory.seals().replacing(number);
    byte[] header = seal.header();
    out.write(header, 0, header.length);
    int records = 0;
    long oldest = Long.MAX_VALUE;
    long newest = Long.MIN_VALUE;
    while (reader.next()) {
      if (reader.millis() >= epochMillis) {
        SegmentFormat.putRecord(out, number, records, seal.seal(records, reader.body()));
        records++;
        oldest = Math.min(oldest, reader.millis());
        newest = Math.max(newest, reader.millis());
      }
    }
    if (records == 0) {
      drop(segment);
      return;
    }
    SegmentFormat.putEnd(out, seal, records, oldest, newest);
    directory.replace(number, out.toByteArray());
    directory.seals().holds(seal, records);
    sealed.put(number, new Segment(number, records, out.size(), oldest, newest));
    unsynced.remove(number);
  }

  /** Records in all files, damaged ones included as far as is known. */
  int records() {
    int records = active == null ? 0 : active.records();
    for (Segment segment : sealed.values()) {
      records += segment.records();
    }
    return records;
  }

  /** Bytes of all segments. */
  long bytes() {
    long bytes = active == null ? 0 : active.bytes();
    for (Segment segment : sealed.values()) {
      bytes += segment.bytes();
    }
    return bytes;
  }

  /**
   * A part of a segment.
   *
   * @param number of the segment
   * @param from ordinal of the first record that is meant
   */
  record Part(long number, int from) {}

  /** Where the latest so many records are, in order. */
  List<Part> latest(int count) {
    long skipped = (long) records() - count;
    List<Part> parts = new ArrayList<>();
    for (Segment segment : sealed.values()) {
      if (segment.records() > skipped || skipped <= 0) {
        parts.add(new Part(segment.number(), (int) Math.max(0, skipped)));
      }
      skipped -= segment.records();
    }
    if (active != null) {
      parts.add(new Part(active.number(), (int) Math.max(0, skipped)));
    }
    return parts;
  }

  /** Reads a segment into memory; one that was dropped in the meantime is empty. */
  SegmentReader read(long number, Findings findings) throws IOException {
    ActiveSegment growing = active;
    if (growing != null && growing.number() == number) {
      return growing.bytes() == 0
          ? SegmentReader.ofNothing(number)
          : reader(number, directory.read(number, growing.bytes(), findings), false, findings);
    }
    Segment segment = sealed.get(number);
    if (segment == null) {
      return SegmentReader.ofNothing(number);
    }
    try {
      return reader(number, directory.read(number, Long.MAX_VALUE, findings), true, findings);
    } catch (NoSuchFileException e) {
      findings.damaged(SegmentDirectory.name(number), 0, 0, segment.records(), FileFault.MISSING);
      return SegmentReader.ofNothing(number);
    }
  }

  private SegmentReader reader(long number, byte[] bytes, boolean complete, Findings findings)
      throws IOException {
    return new SegmentReader(directory.seals().read(number, bytes), bytes, complete, findings);
  }

  /** Waits until everything is on the disk. */
  void sync() throws IOException {
    while (!unsynced.isEmpty()) {
      directory.sync(unsynced.first());
      unsynced.pollFirst();
    }
    if (active != null) {
      active.sync();
    }
    if (namesUnsynced) {
      directory.syncNames();
      namesUnsynced = false;
    }
  }

  /** Deletes everything; the log is empty afterwards, and can be used. */
  Erasure erase() throws IOException {
    int events = erasing.orElse(0) + records();
    erasing = OptionalInt.of(events);
    ActiveSegment growing = active;
    active = null;
    sealed.clear();
    unsynced.clear();
    if (growing != null) {
      growing.closeFile();
    }
    Erasure erased = directory.erase();
    witness.rest();
    erasing = OptionalInt.empty();
    return Erasure.of(events, erased.files(), erased.bytes());
  }

  @Override
  public void close() throws IOException {
    if (active != null) {
      active.close();
    }
  }
}
