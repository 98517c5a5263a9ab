package io.tacit.protocol.session;

import io.tacit.protocol.crypto.IdentityKey;

/** How it is found out whether a device has signed: each time, or by what was found before. */
@FunctionalInterface
public interface SignatureCheck {

  /** Each time. */
  SignatureCheck EACH_TIME = IdentityKey::verifies;

  /** Whether the signature over the message was made by the holder of the key. */
  boolean verifies(IdentityKey signer, byte[] message, byte[] signature);
}
