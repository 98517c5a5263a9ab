package io.tacit.coordinator.service.rpc;

import com.google.protobuf.ByteString;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Names;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.RoundId;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.WireLimits;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Checks fields of messages and turns them into typed values; what is wrong is MALFORMED. */
final class WireFields {

  private static final Pattern ABORT_CODE = Pattern.compile("[A-Z_]{1,64}");

  private WireFields() {}

  static ClientId clientId(ByteString bytes) {
    exactly("client_id", bytes, ClientId.LENGTH);
    return ClientId.fromBytes(bytes.toByteArray());
  }

  static SessionId sessionId(ByteString bytes) {
    exactly("session_id", bytes, SessionId.LENGTH);
    return SessionId.fromBytes(bytes.toByteArray());
  }

  static ContentHash contentHash(String field, ByteString bytes) {
    exactly(field, bytes, ContentHash.LENGTH);
    return ContentHash.fromDigest(bytes.toByteArray());
  }

  static byte[] ticket(ByteString bytes) {
    exactly("ticket", bytes, 32);
    return bytes.toByteArray();
  }

  static byte[] atMost(String field, ByteString bytes, int max) {
    within("number of bytes of " + field, bytes.size(), 0, max);
    return bytes.toByteArray();
  }

  /** A word that says why a device leaves: it is logged, so it must not be anything. */
  static String abortCode(String code) {
    if (!ABORT_CODE.matcher(code).matches()) {
      throw RpcStatus.malformed(
          "code has " + code.length() + " characters, must be one word of 1 to 64 of A-Z and _");
    }
    return code;
  }

  static String name(String field, String text) {
    return valid(() -> Names.check(field, text));
  }

  static Set<String> modelKinds(List<String> kinds) {
    within("model_kinds", kinds.size(), 0, WireLimits.MODEL_KINDS_MAX);
    return new HashSet<>(kinds);
  }

  static RoundId roundId(String plan, long number) {
    return valid(() -> new RoundId(new PlanId(plan), number));
  }

  /** Runs a check whose IllegalArgumentException says what is wrong with the message. */
  static <T> T valid(Supplier<T> check) {
    try {
      return check.get();
    } catch (IllegalArgumentException e) {
      throw RpcStatus.malformed(String.valueOf(e.getMessage()));
    }
  }

  static void within(String field, long value, long min, long max) {
    if (value < min || value > max) {
      throw RpcStatus.malformed(field + " is " + value + ", must be " + min + " to " + max);
    }
  }

  private static void exactly(String field, ByteString bytes, int length) {
    if (bytes.size() != length) {
      throw RpcStatus.malformed(
          field + " has " + bytes.size() + " bytes, must have exactly " + length);
    }
  }
}
