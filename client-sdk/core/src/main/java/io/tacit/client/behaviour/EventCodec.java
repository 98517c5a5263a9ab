package io.tacit.client.behaviour;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An event as bytes: i64 epoch milliseconds, kind, item id (empty if none), u8 count and (name,
 * f64) of the numbers, u8 count and (name, text) of the texts; then, if there are any, u8 count and
 * (name, u16 dimension, f32 elements) of the vectors. Big-endian; strings as {@link
 * DataOutputStream#writeUTF} has them.
 *
 * <p>Vectors came later. Events of before then end where an event without vectors ends, and a
 * reader of before then passes over them.
 *
 * <p>A decoder gives equal names the same object: a store holds few different ones. Not
 * thread-safe.
 */
final class EventCodec {

  /** Of an event without item and attributes and with a kind of one character. */
  static final int BYTES_MIN = 8 + 3 + 2 + 1 + 1;

  /** Above the largest event that {@link BehaviourEvent} lets be made. */
  static final int BYTES_MAX = 128 * 1024;

  /** Kinds and attributes of one app; more are read too, each as an object of its own. */
  private static final int SHARED_NAMES_MAX = 1_000;

  private final Map<String, String> names = new HashMap<>();

  /** The bytes of an event. */
  static byte[] encode(BehaviourEvent event) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeLong(event.epochMillis());
    out.writeUTF(event.kind());
    out.writeUTF(event.itemId().orElse(""));
    out.writeByte(event.numbers().size());
    for (Map.Entry<String, Double> number : event.numbers().entrySet()) {
      out.writeUTF(number.getKey());
      out.writeDouble(number.getValue());
    }
    out.writeByte(event.texts().size());
    for (Map.Entry<String, String> text : event.texts().entrySet()) {
      out.writeUTF(text.getKey());
      out.writeUTF(text.getValue());
    }
    if (!event.vectors().isEmpty()) {
      writeVectors(event.vectors(), out);
    }
    return bytes.toByteArray();
  }

  private static void writeVectors(Map<String, EventVector> vectors, DataOutputStream out)
      throws IOException {
    out.writeByte(vectors.size());
    for (Map.Entry<String, EventVector> entry : vectors.entrySet()) {
      EventVector vector = entry.getValue();
      out.writeUTF(entry.getKey());
      out.writeShort(vector.dimension());
      for (int i = 0; i < vector.dimension(); i++) {
        out.writeFloat(vector.get(i));
      }
    }
  }

  /**
   * The event of these bytes.
   *
   * @throws IOException if they are not of an event
   */
  BehaviourEvent decode(byte[] bytes, int offset, int length) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, offset, length));
    long epochMillis = in.readLong();
    String kind = name(in);
    String item = in.readUTF();
    @Nullable String itemId = item.isEmpty() ? null : item;
    Map<String, Double> numbers = new TreeMap<>();
    for (int left = in.readUnsignedByte(); left > 0; left--) {
      numbers.put(name(in), in.readDouble());
    }
    Map<String, String> texts = new TreeMap<>();
    for (int left = in.readUnsignedByte(); left > 0; left--) {
      texts.put(name(in), in.readUTF());
    }
    Map<String, EventVector> vectors = in.available() == 0 ? Map.of() : readVectors(in);
    return BehaviourEvent.restored(kind, itemId, epochMillis, numbers, texts, vectors);
  }

  private Map<String, EventVector> readVectors(DataInputStream in) throws IOException {
    Map<String, EventVector> vectors = new TreeMap<>();
    for (int left = in.readUnsignedByte(); left > 0; left--) {
      String name = name(in);
      int dimension = in.readUnsignedShort();
      if (dimension > in.available() / Float.BYTES) {
        throw new EOFException("vector is cut off");
      }
      float[] elements = new float[dimension];
      for (int i = 0; i < dimension; i++) {
        elements[i] = in.readFloat();
      }
      vectors.put(name, vector(name, elements));
    }
    return vectors;
  }

  /** Features rely on it that vectors are finite, whatever is in a file. */
  private static EventVector vector(String name, float[] elements) throws IOException {
    try {
      return EventVector.of(name, elements);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private String name(DataInputStream in) throws IOException {
    String read = in.readUTF();
    String shared = names.get(read);
    if (shared == null) {
      shared = read;
      if (names.size() < SHARED_NAMES_MAX) {
        names.put(read, read);
      }
    }
    return shared;
  }
}
