package io.tacit.coordinator.service.access;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Challenges: {@code u64 end in milliseconds || 24 random bytes || HMAC}. Nothing is kept of one
 * until it was answered well, so asking for them costs no memory.
 *
 * <p>Guarantee: a challenge is spent once, by this process: the key is made anew at each start, so
 * that a restart, which forgets what was spent, makes the old ones void. Thread-safe.
 */
public final class Challenges {

  /** Bytes of a challenge. */
  public static final int LENGTH = 64;

  /** How long a device has to answer. */
  public static final Duration LIFETIME = Duration.ofSeconds(60);

  /** Challenges that may be spent within their lifetime: 1,600 logins a second. */
  public static final int SPENT_MAX = 100_000;

  private static final String LABEL = "challenge";
  private static final int BODY_BYTES = LENGTH - SecretKey.LENGTH;
  private static final int RANDOM_BYTES = BODY_BYTES - Long.BYTES;

  private final SecretKey key;
  private final SecureRandom random;
  private final Clock clock;
  private final int spentMax;

  /** Challenge to its end, in the order of being spent; guarded by itself. */
  private final Map<ByteBuffer, Long> spent = new LinkedHashMap<>();

  /** Challenges of this process. */
  public Challenges(SecureRandom random, Clock clock) {
    this(SecretKey.generate(random), random, clock, SPENT_MAX);
  }

  Challenges(SecretKey key, SecureRandom random, Clock clock, int spentMax) {
    this.key = key;
    this.random = random;
    this.clock = clock;
    this.spentMax = spentMax;
  }

  /** What became of a challenge. */
  enum Spending {
    SPENT_NOW,
    SPENT_BEFORE,
    TOO_MANY
  }

  /** A new one. */
  public byte[] issue() {
    byte[] nonce = new byte[RANDOM_BYTES];
    random.nextBytes(nonce);
    byte[] body =
        ByteBuffer.allocate(BODY_BYTES)
            .putLong(clock.millis() + LIFETIME.toMillis())
            .put(nonce)
            .array();
    byte[] challenge = Arrays.copyOf(body, LENGTH);
    System.arraycopy(key.authenticate(LABEL, body), 0, challenge, BODY_BYTES, SecretKey.LENGTH);
    return challenge;
  }

  /** Whether it is one of this process that has not expired; it may have been spent. */
  boolean isOpen(byte[] challenge) {
    if (challenge.length != LENGTH) {
      return false;
    }
    byte[] body = Arrays.copyOf(challenge, BODY_BYTES);
    byte[] code = Arrays.copyOfRange(challenge, BODY_BYTES, LENGTH);
    return MessageDigest.isEqual(key.authenticate(LABEL, body), code)
        && clock.millis() < ByteBuffer.wrap(body).getLong();
  }

  /** Spends one that is open. */
  Spending spend(byte[] challenge) {
    long now = clock.millis();
    synchronized (spent) {
      forgetExpired(now);
      ByteBuffer name = ByteBuffer.wrap(challenge.clone());
      if (spent.containsKey(name)) {
        return Spending.SPENT_BEFORE;
      }
      if (spent.size() >= spentMax) {
        return Spending.TOO_MANY;
      }
      spent.put(name, ByteBuffer.wrap(challenge).getLong());
      return Spending.SPENT_NOW;
    }
  }

  /** One behind another that lives on is kept a little longer, which does no harm. */
  private void forgetExpired(long now) {
    Iterator<Long> ends = spent.values().iterator();
    while (ends.hasNext() && ends.next() <= now) {
      ends.remove();
    }
  }
}
