package io.tacit.client.connection;

import com.google.protobuf.ByteString;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.protocol.crypto.Transcript;
import io.tacit.protocol.v1.Advertisement;

/**
 * A device's signed wish to join a session. Signed bytes travel verbatim; nobody serialises them
 * again.
 *
 * @param body serialised {@code tacit.v1.Advertisement}; owned by this record
 * @param signature Ed25519 over {@code info("adv", body)}; owned by this record
 */
public record SignedAdvertisement(byte[] body, byte[] signature) {

  /** The label of the signature. */
  private static final String LABEL = "adv";

  /** Length in bytes of context and nonce. */
  public static final int NONCE_LENGTH = 32;

  /**
   * Signs an advertisement.
   *
   * @param context ctx0 of the session ({@link Transcript#sessionContext}), 32 bytes
   * @param nonce 32 fresh random bytes
   * @param identity of the device
   */
  public static SignedAdvertisement sign(byte[] context, byte[] nonce, IdentityKeyPair identity) {
    byte[] body =
        Advertisement.newBuilder()
            .setCtx0(ByteString.copyFrom(context))
            .setNonce(ByteString.copyFrom(nonce))
            .setIdentityKey(ByteString.copyFrom(identity.publicKey().toBytes()))
            .build()
            .toByteArray();
    return new SignedAdvertisement(body, identity.sign(Transcript.info(LABEL, body)));
  }

  @Override
  public String toString() {
    return "SignedAdvertisement[" + body.length + " bytes]";
  }
}
