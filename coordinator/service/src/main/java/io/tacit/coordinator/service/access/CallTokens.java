package io.tacit.coordinator.service.access;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tacit.enrolment.DeviceCertificate;
import io.tacit.enrolment.RevocationList;
import io.tacit.enrolment.SerialNumber;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Names;
import io.tacit.protocol.WireLimits;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives and checks call tokens: base64url of {@code version || u64 end || client || thumbprint ||
 * serial || population || HMAC}. The coordinator that gives them is the one that takes them, so a
 * code under its own key is enough, and costs a fiftieth of a signature.
 *
 * <p>Guarantee: a token that is taken was given by a holder of the key, has not expired, and its
 * certificate is on no revocation list that is known here. Nothing of a token is read before its
 * code holds. Assumes: the key stays in the coordinator and the connection is confidential: who has
 * a token can call with it until it ends. Thread-safe.
 */
public final class CallTokens {

  /** How long a token lives. */
  public static final Duration LIFETIME = Duration.ofMinutes(15);

  private static final String LABEL = "call-token";
  private static final byte VERSION = 1;
  private static final int SERIAL_BYTES = 20;
  private static final int FIXED_BYTES =
      1 + Long.BYTES + ClientId.LENGTH + ContentHash.LENGTH + SERIAL_BYTES;

  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

  private final SecretKey key;
  private final Supplier<RevocationList> revocations;
  private final Clock clock;

  /**
   * Tokens under a key.
   *
   * @param key the same after a restart, so that not all devices log in at once
   * @param revocations gives the newest list there is, without waiting
   */
  public CallTokens(SecretKey key, Supplier<RevocationList> revocations, Clock clock) {
    this.key = key;
    this.revocations = revocations;
    this.clock = clock;
  }

  /** A token for the holder of a certificate, which ends with the certificate at the latest. */
  Granted grant(DeviceCertificate certificate) {
    Instant now = clock.instant();
    Instant end = now.plus(LIFETIME);
    CallToken token =
        new CallToken(
            certificate.clientId(),
            certificate.thumbprint(),
            certificate.serial(),
            certificate.population(),
            Instant.ofEpochSecond(
                Math.min(end.getEpochSecond(), certificate.notAfter().getEpochSecond())));
    return new Granted(encode(token), Duration.between(now, token.expires()));
  }

  /**
   * A token as it travels.
   *
   * @param text secret
   * @param lifetime for how long it is taken
   */
  public record Granted(String text, Duration lifetime) implements LoginOutcome {

    @Override
    public String toString() {
      return "Granted[token of " + text.length() + " characters, " + lifetime + "]";
    }
  }

  String encode(CallToken token) {
    byte[] population = token.population().getBytes(US_ASCII);
    byte[] body =
        ByteBuffer.allocate(FIXED_BYTES + population.length)
            .put(VERSION)
            .putLong(token.expires().getEpochSecond())
            .put(token.client().toBytes())
            .put(token.certificate().toBytes())
            .put(HexFormat.of().parseHex(token.serial().hex()))
            .put(population)
            .array();
    byte[] whole = Arrays.copyOf(body, body.length + SecretKey.LENGTH);
    System.arraycopy(key.authenticate(LABEL, body), 0, whole, body.length, SecretKey.LENGTH);
    return ENCODER.encodeToString(whole);
  }

  /** What a token says, or why it is not taken. */
  public TokenCheck check(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return TokenFault.TOKEN_MISSING;
    }
    byte[] body = authenticated(text);
    if (body == null) {
      return TokenFault.TOKEN_INVALID;
    }
    CallToken token = decode(body);
    if (!clock.instant().isBefore(token.expires())) {
      return TokenFault.TOKEN_EXPIRED;
    }
    return revocations.get().isRevoked(token.serial()) ? TokenFault.CERTIFICATE_REVOKED : token;
  }

  /** The body, if this key vouches for it. */
  private byte @Nullable [] authenticated(String text) {
    if (text.length() > WireLimits.CALL_TOKEN_LENGTH_MAX) {
      return null;
    }
    byte[] whole;
    try {
      whole = DECODER.decode(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
    int bodyBytes = whole.length - SecretKey.LENGTH;
    // Written again, because bits of the last character that mean nothing would be ignored.
    if (bodyBytes <= FIXED_BYTES || !ENCODER.encodeToString(whole).equals(text)) {
      return null;
    }
    byte[] body = Arrays.copyOf(whole, bodyBytes);
    byte[] code = Arrays.copyOfRange(whole, bodyBytes, whole.length);
    boolean holds = MessageDigest.isEqual(key.authenticate(LABEL, body), code);
    return holds && body[0] == VERSION ? body : null;
  }

  /** INVARIANT: this class has written the body, so its form needs no check. */
  private static CallToken decode(byte[] body) {
    ByteBuffer fields = ByteBuffer.wrap(body);
    fields.get();
    Instant expires = Instant.ofEpochSecond(fields.getLong());
    ClientId client = ClientId.fromBytes(next(fields, ClientId.LENGTH));
    ContentHash certificate = ContentHash.fromDigest(next(fields, ContentHash.LENGTH));
    String serial = HexFormat.of().formatHex(next(fields, SERIAL_BYTES));
    String population = new String(next(fields, fields.remaining()), US_ASCII);
    return new CallToken(
        client,
        certificate,
        new SerialNumber(serial),
        Names.check("population", population),
        expires);
  }

  private static byte[] next(ByteBuffer fields, int count) {
    byte[] bytes = new byte[count];
    fields.get(bytes);
    return bytes;
  }
}
