package io.tacit.client.storage;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which files a client has, and the generation of each: a number that rises with everything that is
 * written. Not thread-safe.
 *
 * <p>A file is written with the generation that is {@link #next}, and then noted. A crash in
 * between leaves one file that is newer than its note, never an older one. So that a crash can not
 * leave a file without a note, a new name is noted before, as expected.
 */
final class Generations {

  /** The size of a file that is expected: it may be missing. */
  static final int EXPECTED = -1;

  /** By name: the generation and the size that the file has at least. */
  private final Map<String, long[]> notes = new HashMap<>();

  private long latest;

  /** The generation of what is written next. */
  long next() {
    return latest + 1;
  }

  boolean knows(String name) {
    return notes.containsKey(name);
  }

  /**
   * Notes a file.
   *
   * @param size in a unit of its writer's choice, or {@link #EXPECTED}
   */
  void note(String name, long generation, int size) {
    notes.put(name, new long[] {generation, size});
    latest = Math.max(latest, generation);
  }

  void forget(String name) {
    notes.remove(name);
  }

  /** The least generation that the file may have, 0 if it is not known. */
  long generation(String name) {
    long[] note = notes.get(name);
    return note == null ? 0 : note[0];
  }

  /** The size that the file has at least; {@link #EXPECTED} if it may be missing. */
  int size(String name) {
    long[] note = notes.get(name);
    return note == null ? EXPECTED : (int) note[1];
  }

  /**
   * Whether a file of this generation is the present one. One that should not be there at all is
   * not, nor is it a fault: a crash can come before a deletion.
   *
   * @return null if it is; MISSING if none is there
   */
  @Nullable FileFault judge(String name, long generation) {
    boolean older = generation < generation(name);
    if (!knows(name) || older && size(name) == EXPECTED) {
      return FileFault.MISSING;
    }
    return older ? FileFault.ROLLED_BACK : null;
  }

  /** The names that begin so, in no order. */
  List<String> names(String prefix) {
    List<String> names = new ArrayList<>();
    for (String name : notes.keySet()) {
      if (name.startsWith(prefix)) {
        names.add(name);
      }
    }
    return names;
  }

  byte[] toBytes() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeLong(latest);
    out.writeInt(notes.size());
    for (Map.Entry<String, long[]> note : notes.entrySet()) {
      out.writeUTF(note.getKey());
      out.writeLong(note.getValue()[0]);
      out.writeLong(note.getValue()[1]);
    }
    return bytes.toByteArray();
  }

  /** Reads what {@link #toBytes} gave. */
  static Generations fromBytes(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    Generations read = new Generations();
    read.latest = in.readLong();
    for (int left = in.readInt(); left > 0; left--) {
      read.notes.put(in.readUTF(), new long[] {in.readLong(), in.readLong()});
    }
    return read;
  }
}
