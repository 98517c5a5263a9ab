package io.tacit.protocol.crypto;

import java.security.SecureRandom;
import java.util.List;

/**
 * A model owner's task key: what plans and releases are signed with. Never on a coordinator.
 *
 * <p>Guarantee: the secret is never printed, but by {@link #toPem()}. Assumes: whoever stores that
 * protects it. Immutable and thread-safe.
 */
public final class TaskKeyPair {

  private final IdentityKeyPair pair;
  private final TaskKey publicKey;

  private TaskKeyPair(IdentityKeyPair pair) {
    this.pair = pair;
    this.publicKey = new TaskKey(pair.publicKey());
  }

  /** A new key. */
  public static TaskKeyPair generate(SecureRandom random) {
    return new TaskKeyPair(IdentityKeyPair.generate(random));
  }

  /**
   * Reads the one private key of a PEM text.
   *
   * @throws IllegalArgumentException if there is none or more than one, or it is no Ed25519 key;
   *     the message holds nothing of the text
   */
  public static TaskKeyPair fromPem(String pem) {
    List<byte[]> seeds = Pem.PRIVATE.readAll(pem);
    if (seeds.size() != 1) {
      throw new IllegalArgumentException(
          "there are "
              + seeds.size()
              + " blocks BEGIN PRIVATE KEY, must be one; tacit key create makes such a file");
    }
    return new TaskKeyPair(IdentityKeyPair.fromSeed(seeds.get(0)));
  }

  /** The secret, in PEM (PKCS#8, RFC 8410): for a file that only its owner can read. */
  public String toPem() {
    return Pem.PRIVATE.write(pair.seed());
  }

  /** The half that apps pin. */
  public TaskKey publicKey() {
    return publicKey;
  }

  /** Signs a message; 64 bytes. */
  public byte[] sign(byte[] message) {
    return pair.sign(message);
  }

  @Override
  public String toString() {
    return "TaskKeyPair[" + publicKey.id() + "]";
  }
}
