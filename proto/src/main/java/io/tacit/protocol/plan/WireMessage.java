package io.tacit.protocol.plan;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A protobuf message by the numbers of its fields. As with generated messages, a field that is
 * missing or of another type has the default value, the last of several counts where there may be
 * one, and unknown fields are passed over.
 *
 * <p>Plans are read like this because generated messages load a hundred classes and make their
 * tables by reflection when the first one is read: more than all else that an app waits for until
 * its first recommendations.
 */
final class WireMessage {

  /** Numbers and types together, as they stand before each field; values in order. */
  private final Map<Integer, List<Object>> fields = new HashMap<>();

  /** What the whole is, for errors. */
  private final String kind;

  private WireMessage(String kind) {
    this.kind = kind;
  }

  /** Reads a plan, as {@link #parse(String, byte[])} does. */
  static WireMessage parse(byte[] bytes) {
    return parse("plan is not a tacit.v1.TrainingPlan", bytes);
  }

  /**
   * Reads a message, and those in it when they are asked for.
   *
   * @param kind how the sentence begins that is said if the bytes are no message
   * @throws IllegalArgumentException if the bytes are no message
   */
  static WireMessage parse(String kind, byte[] bytes) {
    WireMessage message = new WireMessage(kind);
    CodedInputStream in = CodedInputStream.newInstance(bytes);
    try {
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        message.read(tag, in);
      }
    } catch (IOException e) {
      throw message.malformed(e);
    }
    return message;
  }

  private void read(int tag, CodedInputStream in) throws IOException {
    switch (WireFormat.getTagWireType(tag)) {
      case WireFormat.WIRETYPE_VARINT -> add(tag, in.readUInt64());
      case WireFormat.WIRETYPE_FIXED64 -> add(tag, in.readDouble());
      case WireFormat.WIRETYPE_LENGTH_DELIMITED -> add(tag, in.readByteArray());
      default -> in.skipField(tag);
    }
  }

  private void add(int tag, Object value) {
    List<Object> values = fields.get(tag);
    if (values == null) {
      values = new ArrayList<>(1);
      fields.put(tag, values);
    }
    values.add(value);
  }

  private IllegalArgumentException malformed(IOException cause) {
    return new IllegalArgumentException(kind + " message", cause);
  }

  private List<Object> values(int field, int type) {
    return fields.getOrDefault(field << 3 | type, List.of());
  }

  private Object last(int field, int type, Object missing) {
    List<Object> values = values(field, type);
    return values.isEmpty() ? missing : values.get(values.size() - 1);
  }

  /** A {@code uint64}. */
  long uint64(int field) {
    return (Long) last(field, WireFormat.WIRETYPE_VARINT, 0L);
  }

  /** A {@code uint32} or the number of an enum's value. */
  int uint32(int field) {
    return (int) uint64(field);
  }

  /** A {@code bool}. */
  boolean bool(int field) {
    return uint64(field) != 0;
  }

  /** A {@code double}. */
  double float64(int field) {
    return (Double) last(field, WireFormat.WIRETYPE_FIXED64, 0.0);
  }

  /** A {@code bytes}; not copied. */
  byte[] bytes(int field) {
    return (byte[]) last(field, WireFormat.WIRETYPE_LENGTH_DELIMITED, new byte[0]);
  }

  /** A {@code string}. */
  String string(int field) {
    return text(bytes(field));
  }

  /** A {@code repeated string}. */
  List<String> strings(int field) {
    List<String> strings = new ArrayList<>();
    for (Object value : values(field, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
      strings.add(text((byte[]) value));
    }
    return strings;
  }

  private String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes))
          .toString();
    } catch (CharacterCodingException e) {
      throw malformed(e);
    }
  }

  /** Whether a field that holds a message is there. */
  boolean has(int field) {
    return !values(field, WireFormat.WIRETYPE_LENGTH_DELIMITED).isEmpty();
  }

  /** A message; an empty one if it is missing. */
  WireMessage message(int field) {
    return parse(kind, bytes(field));
  }

  /** A {@code repeated} message. */
  List<WireMessage> messages(int field) {
    List<WireMessage> messages = new ArrayList<>();
    for (Object value : values(field, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
      messages.add(parse(kind, (byte[]) value));
    }
    return messages;
  }
}
