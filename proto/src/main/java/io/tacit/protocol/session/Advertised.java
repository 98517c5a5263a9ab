package io.tacit.protocol.session;

import io.tacit.protocol.ClientId;
import io.tacit.protocol.crypto.BadKeyException;
import io.tacit.protocol.crypto.IdentityKey;
import io.tacit.protocol.masking.SessionPublicKey;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a device said of itself when it joined a session, once its signature was verified.
 * Immutable.
 */
public final class Advertised {

  private final IdentityKey identityKey;
  private final @Nullable SessionPublicKey channelKey;
  private final @Nullable SessionPublicKey maskKey;
  private final byte[] certificate;

  Advertised(
      IdentityKey identityKey,
      @Nullable SessionPublicKey channelKey,
      @Nullable SessionPublicKey maskKey,
      byte[] certificate) {
    this.identityKey = identityKey;
    this.channelKey = channelKey;
    this.maskKey = maskKey;
    this.certificate = certificate;
  }

  /** The key that all its messages are signed with. */
  public IdentityKey identityKey() {
    return identityKey;
  }

  /** Who it is. */
  public ClientId client() {
    return identityKey.clientId();
  }

  /**
   * Its key of the share channel.
   *
   * @throws IllegalStateException in suite PLAIN, which has none
   */
  public SessionPublicKey channelKey() {
    return present(channelKey);
  }

  /**
   * Its key of the pairwise masks.
   *
   * @throws IllegalStateException in suite PLAIN, which has none
   */
  public SessionPublicKey maskKey() {
    return present(maskKey);
  }

  private static SessionPublicKey present(@Nullable SessionPublicKey key) {
    if (key == null) {
      throw new IllegalStateException("suite PLAIN has no session keys");
    }
    return key;
  }

  /**
   * Checks that others can agree on secrets with it; costs as much as to agree twice.
   *
   * @throws BadKeyException if they can not
   */
  public void checkKeys() {
    channelKey().check();
    maskKey().check();
  }

  /** Its certificate in DER, unchecked; empty where it has none. */
  public Optional<byte[]> certificate() {
    return certificate.length == 0 ? Optional.empty() : Optional.of(certificate.clone());
  }

  @Override
  public String toString() {
    return "Advertised[" + client() + "]";
  }
}
