package io.tacit.protocol.masking;

import io.tacit.protocol.Suite;
import io.tacit.protocol.crypto.AgreementKeyPair;
import io.tacit.protocol.crypto.EncapsulationKeyPair;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * A member's key pair for one session: X25519, in suite HYBRID with ML-KEM-768.
 *
 * <p>A member has two: that of the share channel, which is random ({@link #generate}) and nobody's
 * ever, and that of the pairwise masks ({@link MaskKeys}), which the others may rebuild if the
 * member drops out. Were they one, rebuilding it would open other members' shares as well.
 */
public final class SessionKeyPair {

  private final Suite suite;
  private final AgreementKeyPair agreement;
  private final @Nullable EncapsulationKeyPair encapsulation;

  SessionKeyPair(
      Suite suite, AgreementKeyPair agreement, @Nullable EncapsulationKeyPair encapsulation) {
    this.suite = suite;
    this.agreement = agreement;
    this.encapsulation = encapsulation;
  }

  /**
   * A new key pair, for the share channel.
   *
   * @param suite CLASSIC or HYBRID
   */
  public static SessionKeyPair generate(Suite suite, SecureRandom random) {
    SessionPublicKey.length(suite);
    return new SessionKeyPair(
        suite,
        AgreementKeyPair.generate(random),
        SessionPublicKey.isHybrid(suite) ? EncapsulationKeyPair.generate(random) : null);
  }

  /** The public half. */
  public SessionPublicKey publicKey() {
    byte[] bytes = agreement.publicKey();
    if (encapsulation != null) {
      bytes = KeySchedule.concatenated(bytes, encapsulation.publicKey());
    }
    return SessionPublicKey.fromBytes(suite, bytes);
  }

  /** What X25519 finds with another member; the caller erases it. */
  byte[] agree(SessionPublicKey peer) {
    return agreement.agree(peer.agreementKey());
  }

  /** The secret of a ciphertext, nothing in CLASSIC; the caller erases it. */
  byte[] decapsulate(byte[] ciphertext) {
    return encapsulation == null ? new byte[0] : encapsulation.decapsulate(ciphertext);
  }

  /** Erases both private keys. */
  public void destroy() {
    agreement.destroy();
    if (encapsulation != null) {
      encapsulation.destroy();
    }
  }

  @Override
  public String toString() {
    return "SessionKeyPair[" + suite + "]";
  }
}
