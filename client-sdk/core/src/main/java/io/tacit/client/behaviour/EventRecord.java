package io.tacit.client.behaviour;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * An event in the file: u32 length n, u32 CRC-32 of length and body, body of n bytes. Big-endian.
 *
 * <p>Body: i64 epoch milliseconds, kind, item id (empty if none), u8 count and (name, f64) of the
 * numbers, u8 count and (name, text) of the texts; strings as {@link DataOutputStream#writeUTF} has
 * them.
 */
final class EventRecord {

  static final int HEADER_BYTES = 8;

  /** Above the largest event that {@link BehaviourEvent} lets be made. */
  static final int BODY_BYTES_MAX = 256 * 1024;

  private EventRecord() {}

  /** The body of an event. */
  static byte[] encode(BehaviourEvent event) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeLong(event.at().toEpochMilli());
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
    return bytes.toByteArray();
  }

  /** Writes the record of a body. */
  static void write(byte[] body, ByteArrayOutputStream out) {
    byte[] header = ByteBuffer.allocate(HEADER_BYTES).putInt(body.length).putInt(crc(body)).array();
    out.write(header, 0, header.length);
    out.write(body, 0, body.length);
  }

  /** CRC-32 of a body's length and of the body. */
  static int crc(byte[] body) {
    CRC32 crc = new CRC32();
    crc.update(ByteBuffer.allocate(4).putInt(body.length).array(), 0, 4);
    crc.update(body, 0, body.length);
    return (int) crc.getValue();
  }

  /** The event of a body. */
  static BehaviourEvent decode(byte[] body) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(body));
    Instant at = Instant.ofEpochMilli(in.readLong());
    String kind = in.readUTF();
    String itemId = in.readUTF();
    BehaviourEvent event =
        itemId.isEmpty()
            ? BehaviourEvent.withoutItem(kind, at)
            : BehaviourEvent.of(kind, itemId, at);
    for (int left = in.readUnsignedByte(); left > 0; left--) {
      event = event.with(in.readUTF(), in.readDouble());
    }
    for (int left = in.readUnsignedByte(); left > 0; left--) {
      event = event.with(in.readUTF(), in.readUTF());
    }
    return event;
  }
}
