package io.tacit.protocol.session;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.crypto.IdentityKey;
import io.tacit.protocol.crypto.IdentityKeyCache;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.protocol.crypto.Transcript;
import io.tacit.protocol.v1.Advertisement;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Stage ADVERTISE: a device joins the roster of one session.
 *
 * <p>Guarantee: {@link #verify} proves that the holder of the identity key signed for exactly this
 * session, plan, model and round. Immutable.
 */
public final class SignedAdvertisement {

  /** Length of the fresh random bytes in each advertisement. */
  public static final int NONCE_LENGTH = 32;

  private static final String SIGNATURE_LABEL = "adv";

  private final byte[] body;
  private final byte[] signature;

  private SignedAdvertisement(byte[] body, byte[] signature) {
    this.body = body;
    this.signature = signature;
  }

  /** Signs for a session. */
  public static SignedAdvertisement sign(
      byte[] sessionContext, IdentityKeyPair identity, SecureRandom random) {
    byte[] nonce = new byte[NONCE_LENGTH];
    random.nextBytes(nonce);
    byte[] body =
        Advertisement.newBuilder()
            .setCtx0(ByteString.copyFrom(sessionContext))
            .setNonce(ByteString.copyFrom(nonce))
            .setIdentityKey(ByteString.copyFrom(identity.publicKey().toBytes()))
            .build()
            .toByteArray();
    return new SignedAdvertisement(body, identity.sign(Transcript.info(SIGNATURE_LABEL, body)));
  }

  /**
   * Wraps what travelled, unchecked.
   *
   * @throws IllegalArgumentException if the sizes are beyond the contract
   */
  public static SignedAdvertisement of(byte[] body, byte[] signature) {
    if (body.length > WireLimits.SIGNED_BODY_BYTES_MAX) {
      throw new IllegalArgumentException(
          "message body has "
              + body.length
              + " bytes, must be at most "
              + WireLimits.SIGNED_BODY_BYTES_MAX);
    }
    if (signature.length != IdentityKey.SIGNATURE_LENGTH) {
      throw new IllegalArgumentException(
          "message.signature has "
              + signature.length
              + " bytes, must have exactly "
              + IdentityKey.SIGNATURE_LENGTH);
    }
    return new SignedAdvertisement(body.clone(), signature.clone());
  }

  /**
   * Whether this client signed for this session.
   *
   * @param sessionContext ctx0 as the verifier computed it itself
   * @param keys of clients seen before
   * @return false for any flaw: no flaw deserves an answer of its own
   */
  public boolean verify(byte[] sessionContext, ClientId client, IdentityKeyCache keys) {
    try {
      Advertisement message = Advertisement.parseFrom(body);
      byte[] rawKey = message.getIdentityKey().toByteArray();
      // What costs least comes first: a stranger's junk is not worth a look at its key.
      return Arrays.equals(message.getCtx0().toByteArray(), sessionContext)
          && message.getNonce().size() == NONCE_LENGTH
          && ClientId.ofIdentityKey(rawKey).equals(client)
          && keys.get(rawKey).verifies(Transcript.info(SIGNATURE_LABEL, body), signature);
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      return false;
    }
  }

  /** The signed bytes. */
  public byte[] body() {
    return body.clone();
  }

  /** The signature over them, 64 bytes. */
  public byte[] signature() {
    return signature.clone();
  }

  /** Signature, then body: the form in which it is stored. */
  public byte[] toRecord() {
    byte[] record = Arrays.copyOf(signature, signature.length + body.length);
    System.arraycopy(body, 0, record, signature.length, body.length);
    return record;
  }
}
