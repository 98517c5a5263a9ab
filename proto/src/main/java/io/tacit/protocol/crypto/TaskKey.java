package io.tacit.protocol.crypto;

import io.tacit.protocol.ContentHash;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The public half of a model owner's task key (Ed25519, RFC 8032): apps pin it, and a coordinator
 * may be told to apply nothing that was signed by another. Immutable.
 *
 * <p>Guarantee: as {@link IdentityKey}. Assumes: whoever pins it got it from the owner.
 */
public final class TaskKey {

  /** Keys that one file may hold: the owner's, and some more while keys are rotated. */
  public static final int KEYS_MAX = 16;

  private final IdentityKey key;
  private final ContentHash id;

  TaskKey(IdentityKey key) {
    this.key = key;
    this.id = ContentHash.of(key.toBytes());
  }

  /**
   * Reads public keys in PEM, as {@code tacit key show} prints them.
   *
   * @return 1 to {@link #KEYS_MAX}
   * @throws IllegalArgumentException if there are none or too many, or one is no Ed25519 key
   */
  public static List<TaskKey> fromPem(String pem) {
    List<byte[]> raw = Pem.PUBLIC.readAll(pem);
    if (raw.isEmpty() || raw.size() > KEYS_MAX) {
      throw new IllegalArgumentException(
          "there are "
              + raw.size()
              + " blocks BEGIN PUBLIC KEY, must be 1 to "
              + KEYS_MAX
              + "; tacit key show prints such a block");
    }
    List<TaskKey> keys = new ArrayList<>();
    for (byte[] bytes : raw) {
      keys.add(new TaskKey(IdentityKey.fromBytes(bytes)));
    }
    return keys;
  }

  /** The SHA-256 of the raw key, by which signatures name it and people compare it. */
  public ContentHash id() {
    return id;
  }

  /** In PEM (X.509 SubjectPublicKeyInfo, RFC 8410). */
  public String toPem() {
    return Pem.PUBLIC.write(key.toBytes());
  }

  /** Whether the signature over the message was made by the holder of this key. */
  public boolean verifies(byte[] message, byte[] signature) {
    return key.verifies(message, signature);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TaskKey && id.equals(((TaskKey) other).id);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return "TaskKey[" + id + "]";
  }
}
