package io.tacit.coordinator.sessions;

import io.tacit.protocol.ClientId;
import io.tacit.protocol.SessionId;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The proof that a client has joined a session, cheap enough to check with every chunk: {@code
 * HMAC-SHA256(key, session || client)}.
 *
 * <p>Guarantee: only who was answered after a verified advertisement holds the ticket of its
 * client. Assumes: the key stays in the coordinator, and the connection is confidential. Stateless,
 * so that it survives a restart; thread-safe.
 */
public final class Tickets {

  /** Length of key and ticket in bytes. */
  public static final int LENGTH = 32;

  private static final String ALGORITHM = "HmacSHA256";

  private final ThreadLocal<Mac> macs;

  /**
   * @param key 32 secret random bytes, the same after a restart
   */
  public Tickets(byte[] key) {
    if (key.length != LENGTH) {
      throw new IllegalArgumentException(
          "ticket key has " + key.length + " bytes, must have exactly " + LENGTH);
    }
    SecretKeySpec secret = new SecretKeySpec(key, ALGORITHM);
    this.macs = ThreadLocal.withInitial(() -> newMac(secret));
  }

  public byte[] issue(SessionId session, ClientId client) {
    Mac mac = macs.get();
    mac.update(session.toBytes());
    return mac.doFinal(client.toBytes());
  }

  /** Compares in constant time. */
  boolean isValid(SessionId session, ClientId client, byte[] ticket) {
    return MessageDigest.isEqual(issue(session, client), ticket);
  }

  private static Mac newMac(SecretKeySpec secret) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(secret);
      return mac;
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has " + ALGORITHM, e);
    }
  }
}
