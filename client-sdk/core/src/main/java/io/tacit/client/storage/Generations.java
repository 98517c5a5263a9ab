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
 * <p>A file is written with the generation that is {@link #next}, and then noted. A crash in between
 * leaves one file that is newer than its note, never an older one. So that a crash can not leave a
 * file without a note, a new name is noted before, as {@link #expect expected}.
 */
final class Generations {

  private final Map<String, Note> notes = new HashMap<>();
  private long latest;

  /**
   * What is known of a file.
   *
   * @param generation that it has at least
   * @param expected whether it may be missing as well
   * @param size that it has at least, in a unit of its writer's choice
   */
  private record Note(long generation, boolean expected, int size) {}

  /** The generation of what is written next. */
  long next() {
    return latest + 1;
  }

  boolean knows(String name) {
    return notes.containsKey(name);
  }

  /** Notes that a file of this generation may appear. */
  void expect(String name, long generation) {
    note(name, new Note(generation, true, 0));
  }

  /** Notes that a file of this generation is there. */
  void written(String name, long generation, int size) {
    note(name, new Note(generation, false, size));
  }

  private void note(String name, Note note) {
    notes.put(name, note);
    latest = Math.max(latest, note.generation);
  }

  void forget(String name) {
    notes.remove(name);
  }

  /** Whether a file must be there. */
  boolean requires(String name) {
    Note note = notes.get(name);
    return note != null && !note.expected;
  }

  /** The least generation that the file may have, 0 if it is not known. */
  long least(String name) {
    Note note = notes.get(name);
    return note == null ? 0 : note.generation;
  }

  /** The size that the file has at least. */
  int size(String name) {
    Note note = notes.get(name);
    return note == null ? 0 : note.size;
  }

  /**
   * Whether a file of this generation is the present one. One that should not be there at all is
   * not, nor is it a fault: a crash can come before a deletion.
   *
   * @return null if it is
   */
  @Nullable FileFault judge(String name, long generation) {
    Note note = notes.get(name);
    if (generation > next()) {
      // More than one file is newer than the notes.
      return FileFault.ROLLED_BACK;
    }
    if (note == null || note.expected && generation < note.generation) {
      return FileFault.MISSING;
    }
    return generation < note.generation ? FileFault.ROLLED_BACK : null;
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
    for (Map.Entry<String, Note> entry : notes.entrySet()) {
      Note note = entry.getValue();
      out.writeUTF(entry.getKey());
      out.writeLong(note.generation);
      out.writeBoolean(note.expected);
      out.writeInt(note.size);
    }
    return bytes.toByteArray();
  }

  /** Reads what {@link #toBytes} gave. */
  static Generations fromBytes(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    Generations read = new Generations();
    read.latest = in.readLong();
    for (int left = in.readInt(); left > 0; left--) {
      read.notes.put(in.readUTF(), new Note(in.readLong(), in.readBoolean(), in.readInt()));
    }
    return read;
  }
}
