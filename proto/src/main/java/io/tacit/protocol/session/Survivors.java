package io.tacit.protocol.session;

import com.google.protobuf.ByteString;
import io.tacit.protocol.masking.MemberSet;
import io.tacit.protocol.masking.SessionTranscript;

/**
 * Published with stage CONSISTENCY: whose updates are in the sum.
 *
 * @param u2 who shared
 * @param u3 who sent an update
 */
public record Survivors(MemberSet u2, MemberSet u3) {

  /** Two bitmaps and their tags; more is room for later fields. */
  private static final int BYTES_MAX = 256;

  /**
   * Reads what was published.
   *
   * @param rosterSize n
   * @throws IllegalArgumentException if it is malformed. Whether u3 is within u2 is not looked at
   */
  public static Survivors fromBytes(int rosterSize, byte[] bytes) {
    io.tacit.protocol.v1.Survivors message =
        WireField.message("survivors", bytes, BYTES_MAX, io.tacit.protocol.v1.Survivors::parseFrom);
    return new Survivors(
        MemberSet.fromBitmap(rosterSize, message.getU2().toByteArray()),
        MemberSet.fromBitmap(rosterSize, message.getU3().toByteArray()));
  }

  /**
   * What survivors sign, 32 bytes.
   *
   * @param ctx1 of the roster
   */
  public byte[] digest(byte[] ctx1) {
    return SessionTranscript.survivors(SessionTranscript.shared(ctx1, u2), u3);
  }

  /** As it is published: the same bytes each time. */
  public byte[] toBytes() {
    return io.tacit.protocol.v1.Survivors.newBuilder()
        .setU2(ByteString.copyFrom(u2.toBitmap()))
        .setU3(ByteString.copyFrom(u3.toBitmap()))
        .build()
        .toByteArray();
  }
}
