package io.tacit.client.behaviour;

import io.tacit.client.storage.CorruptFileException;
import io.tacit.client.storage.DurableFile;
import io.tacit.client.storage.ExclusiveLock;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A behaviour store in an append-only file.
 *
 * <p>Guarantee: an event is there whole or not at all. What a crash left half written at the end is
 * cut off; so is everything behind a record that does not match its checksum. Files are open, and
 * locked against other processes, during an operation only, so that ten thousand stores fit into
 * one process. Safe for use by threads.
 *
 * <p>File format: {@code "TCTB"}, u32 version 1, then {@link EventRecord}s. When a quarter more
 * than the retained events has piled up, the file is rewritten beside itself and renamed.
 */
public final class FileBehaviourStore implements BehaviourStore {

  private static final String FILE = "behaviour";
  private static final String LOCK = ".behaviour.lock";
  private static final byte[] HEADER = {'T', 'C', 'T', 'B', 0, 0, 0, 1};

  private final Path file;
  private final Path lock;
  private final FileBehaviourSettings settings;

  /** The end of the file as this store left it; null if it has to be looked for. */
  private @Nullable End end;

  /**
   * @param bytes up to the end of the last whole record; 0 if the file has to be begun
   * @param events in them
   */
  private record End(long bytes, int events) {}

  private FileBehaviourStore(Path directory, FileBehaviourSettings settings) {
    this.file = directory.resolve(FILE);
    this.lock = directory.resolve(LOCK);
    this.settings = settings;
  }

  /** The store in a directory, which is made if it is missing. */
  public static FileBehaviourStore open(Path directory, FileBehaviourSettings settings)
      throws IOException {
    DurableFile.createDirectories(directory);
    return new FileBehaviourStore(directory, settings);
  }

  @Override
  public synchronized void record(List<BehaviourEvent> events) throws IOException {
    if (events.isEmpty()) {
      return;
    }
    try (ExclusiveLock held = ExclusiveLock.acquire(lock)) {
      int kept = append(events);
      if (kept > settings.eventsMax() + settings.eventsMax() / 4) {
        compact();
      }
    }
  }

  private int append(List<BehaviourEvent> events) throws IOException {
    try (FileChannel channel =
        DurableFile.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      End before = end(channel);
      // A failure below leaves an unknown end: it is looked for again.
      end = null;
      channel.truncate(before.bytes);
      channel.position(before.bytes);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      if (before.bytes == 0) {
        bytes.write(HEADER, 0, HEADER.length);
      }
      for (BehaviourEvent event : events) {
        EventRecord.write(EventRecord.encode(event), bytes);
      }
      DurableFile.writeFully(channel, ByteBuffer.wrap(bytes.toByteArray()));
      if (settings.sync() == FileBehaviourSettings.Sync.EVERY_RECORD) {
        channel.force(false);
        if (before.bytes == 0) {
          DurableFile.syncDirectory(file);
        }
      }
      end = new End(channel.position(), before.events + events.size());
      return end.events;
    }
  }

  private void compact() throws IOException {
    Deque<byte[]> latest = latest();
    end = null;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(HEADER, 0, HEADER.length);
    for (byte[] body : latest) {
      EventRecord.write(body, bytes);
    }
    DurableFile.replace(file, ByteBuffer.wrap(bytes.toByteArray()));
    end = new End(bytes.size(), latest.size());
  }

  @Override
  public synchronized List<BehaviourEvent> events() throws IOException {
    try (ExclusiveLock held = ExclusiveLock.acquire(lock)) {
      List<BehaviourEvent> events = new ArrayList<>();
      for (byte[] body : latest()) {
        events.add(EventRecord.decode(body));
      }
      return events;
    }
  }

  @Override
  public synchronized int count() throws IOException {
    try (ExclusiveLock held = ExclusiveLock.acquire(lock);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      end = end(channel);
      return Math.min(end.events, settings.eventsMax());
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  @Override
  public synchronized void forget() throws IOException {
    try (ExclusiveLock held = ExclusiveLock.acquire(lock)) {
      end = null;
      DurableFile.delete(file);
    }
  }

  /** The bodies of the latest events that are retained. */
  private Deque<byte[]> latest() throws IOException {
    Deque<byte[]> latest = new ArrayDeque<>();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      scan(
          channel,
          body -> {
            latest.add(body);
            if (latest.size() > settings.eventsMax()) {
              latest.remove();
            }
          });
    } catch (NoSuchFileException e) {
      // Nothing has been recorded yet.
    }
    return latest;
  }

  private End end(FileChannel channel) throws IOException {
    return end != null && end.bytes == channel.size() ? end : scan(channel, body -> {});
  }

  private interface BodyVisitor {
    void visit(byte[] body);
  }

  /** Visits every whole record and says where the last one ends. */
  private End scan(FileChannel channel, BodyVisitor visitor) throws IOException {
    DataInputStream in =
        new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel.position(0))));
    if (!readHeader(in)) {
      return new End(0, 0);
    }
    long bytes = HEADER.length;
    int events = 0;
    try {
      while (true) {
        int length = in.readInt();
        int crc = in.readInt();
        if (length < 0 || length > EventRecord.BODY_BYTES_MAX) {
          return new End(bytes, events);
        }
        byte[] body = new byte[length];
        in.readFully(body);
        if (crc != EventRecord.crc(body)) {
          return new End(bytes, events);
        }
        visitor.visit(body);
        bytes += EventRecord.HEADER_BYTES + length;
        events++;
      }
    } catch (EOFException e) {
      return new End(bytes, events);
    }
  }

  /** Whether the header is whole; one that a crash cut short counts as an empty file. */
  private boolean readHeader(DataInputStream in) throws IOException {
    for (byte expected : HEADER) {
      int read = in.read();
      if (read < 0) {
        return false;
      }
      if (read != expected) {
        throw new CorruptFileException(file, "does not begin with TCTB and format version 1");
      }
    }
    return true;
  }

  /** Prints where, not what. */
  @Override
  public String toString() {
    return "FileBehaviourStore[" + file + "]";
  }
}
