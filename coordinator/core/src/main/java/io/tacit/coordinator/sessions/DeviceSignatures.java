package io.tacit.coordinator.sessions;

import io.tacit.protocol.crypto.IdentityKey;
import io.tacit.protocol.crypto.IdentityKeyCache;
import io.tacit.protocol.session.SignatureCheck;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Keys of devices that were checked, and signatures that were found good, the most recent ones: a
 * message is verified when it comes in, and not again by the conductor when its stage freezes.
 *
 * <p>Guarantee: a signature passes only if it was verified, in this process, for the same key and
 * the same bytes. About 500 bytes for a key and 150 for a signature. Safe for many threads; a check
 * blocks nobody else.
 */
final class DeviceSignatures implements SignatureCheck {

  /** Advertisement, key shares, signature over the survivors, revealed shares. */
  private static final int SIGNATURES_PER_MEMBER = 4;

  private final IdentityKeyCache keys;

  /** SHA-256 over key, signature and message. */
  private final Set<ByteBuffer> good;

  /**
   * @param membersMax of how many devices at most; beyond, what was found longest ago is forgotten
   */
  DeviceSignatures(int membersMax) {
    this.keys = new IdentityKeyCache(membersMax);
    int signaturesMax = membersMax * SIGNATURES_PER_MEMBER;
    this.good =
        Collections.newSetFromMap(
            new LinkedHashMap<>() {
              private static final long serialVersionUID = 1;

              @Override
              protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Boolean> eldest) {
                return size() > signaturesMax;
              }
            });
  }

  IdentityKeyCache keys() {
    return keys;
  }

  @Override
  public boolean verifies(IdentityKey signer, byte[] message, byte[] signature) {
    if (signature.length != IdentityKey.SIGNATURE_LENGTH) {
      return false;
    }
    // Both parts before the message have a fixed length: no other parts have the same digest.
    MessageDigest digest = newDigest();
    digest.update(signer.toBytes());
    digest.update(signature);
    ByteBuffer name = ByteBuffer.wrap(digest.digest(message));
    synchronized (good) {
      if (good.contains(name)) {
        return true;
      }
    }
    boolean isGood = signer.verifies(message, signature);
    if (isGood) {
      synchronized (good) {
        good.add(name);
      }
    }
    return isGood;
  }

  /** How many good signatures are known. */
  int remembered() {
    synchronized (good) {
      return good.size();
    }
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
