package io.tacit.protocol.crypto;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.SessionId;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Canonical hashing: what is signed or hashed is a label and length-prefixed parts, so that no two
 * different inputs have the same bytes.
 *
 * <p>{@code info(L, p1 .. pk) = "tacit-sa1/" || L || 0x00 || lp(p1) || ... || lp(pk)} with {@code
 * lp(x) = u32be(length) || x}, and {@code H(L, ...) = SHA-256(info(L, ...))}. Integers are
 * big-endian. Never hash re-serialised messages: pass the bytes that travelled.
 */
public final class Transcript {

  private static final byte[] DOMAIN = "tacit-sa1/".getBytes(StandardCharsets.US_ASCII);

  private Transcript() {}

  /** The canonical bytes of a label and its parts. */
  public static byte[] info(String label, byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(128);
    write(out, DOMAIN);
    write(out, label.getBytes(StandardCharsets.US_ASCII));
    out.write(0);
    for (byte[] part : parts) {
      write(out, u32(part.length));
      write(out, part);
    }
    return out.toByteArray();
  }

  /** The SHA-256 of {@link #info}, 32 bytes. */
  public static byte[] hash(String label, byte[]... parts) {
    return ContentHash.of(info(label, parts)).toBytes();
  }

  /**
   * What binds a session: suite, session id, plan, model and round. Every signature of the session
   * covers it.
   *
   * @param suite 0 for PLAIN
   * @return 32 bytes
   */
  public static byte[] sessionContext(
      int suite, SessionId session, ContentHash planHash, ContentHash modelHash, long round) {
    return hash(
        "ctx0", u16(suite), session.toBytes(), planHash.toBytes(), modelHash.toBytes(), u64(round));
  }

  /** What a device signs to get a call token: the canonical bytes of label {@code login}. */
  public static byte[] login(byte[] challenge, ContentHash certificate) {
    return info("login", challenge, certificate.toBytes());
  }

  /** What the holder of a certificate signs to get the one after it. Both parts are DER. */
  public static byte[] renewal(byte[] certificate, byte[] request) {
    return info("renewal", certificate, request);
  }

  static byte[] u16(int value) {
    return ByteBuffer.allocate(2).putShort((short) value).array();
  }

  /** Four bytes, big-endian, as integers stand in what is hashed. */
  public static byte[] u32(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  static byte[] u64(long value) {
    return ByteBuffer.allocate(8).putLong(value).array();
  }

  private static void write(ByteArrayOutputStream out, byte[] bytes) {
    out.write(bytes, 0, bytes.length);
  }
}
