package io.tacit.protocol.session;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.Suite;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.crypto.IdentityKey;
import io.tacit.protocol.crypto.IdentityKeyCache;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.protocol.masking.SessionPublicKey;
import io.tacit.protocol.v1.Advertisement;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Stage ADVERTISE: a device joins the roster of one session.
 *
 * <p>Guarantee: {@link #open} proves that the holder of the identity key signed for exactly this
 * session, plan, model and round, with these session keys. Immutable.
 */
public final class SignedAdvertisement {

  /** Length of the fresh random bytes in each advertisement. */
  public static final int NONCE_LENGTH = 32;

  private static final String SIGNATURE_LABEL = "adv";

  private final SignedBody signed;

  private SignedAdvertisement(SignedBody signed) {
    this.signed = signed;
  }

  /** Signs for a session of suite PLAIN, without a certificate. */
  public static SignedAdvertisement sign(
      byte[] sessionContext, IdentityKeyPair identity, SecureRandom random) {
    return sign(body(sessionContext, identity, random), new byte[0], identity);
  }

  /** Signs for a session of suite PLAIN, with a certificate. */
  public static SignedAdvertisement sign(
      byte[] sessionContext, byte[] certificate, IdentityKeyPair identity, SecureRandom random) {
    return sign(body(sessionContext, identity, random), certificate, identity);
  }

  /**
   * Signs for a session of another suite.
   *
   * @param channelKey of the share channel
   * @param maskKey of the pairwise masks
   * @param certificate of the identity key in DER, at most {@link WireLimits#CERTIFICATE_BYTES_MAX}
   *     bytes; none where devices have none
   */
  public static SignedAdvertisement sign(
      byte[] sessionContext,
      SessionPublicKey channelKey,
      SessionPublicKey maskKey,
      byte[] certificate,
      IdentityKeyPair identity,
      SecureRandom random) {
    return sign(
        body(sessionContext, identity, random)
            .setChannelKey(ByteString.copyFrom(channelKey.toBytes()))
            .setMaskKey(ByteString.copyFrom(maskKey.toBytes())),
        certificate,
        identity);
  }

  private static Advertisement.Builder body(
      byte[] sessionContext, IdentityKeyPair identity, SecureRandom random) {
    byte[] nonce = new byte[NONCE_LENGTH];
    random.nextBytes(nonce);
    return Advertisement.newBuilder()
        .setCtx0(ByteString.copyFrom(sessionContext))
        .setNonce(ByteString.copyFrom(nonce))
        .setIdentityKey(ByteString.copyFrom(identity.publicKey().toBytes()));
  }

  private static SignedAdvertisement sign(
      Advertisement.Builder body, byte[] certificate, IdentityKeyPair identity) {
    ByteString certificateBytes = ByteString.copyFrom(certificate);
    WireField.atMost("certificate", WireLimits.CERTIFICATE_BYTES_MAX, certificateBytes);
    byte[] bytes = body.setCertificate(certificateBytes).build().toByteArray();
    return new SignedAdvertisement(SignedBody.sign(SIGNATURE_LABEL, bytes, identity));
  }

  /**
   * Wraps what travelled, unchecked.
   *
   * @throws IllegalArgumentException if the sizes are beyond the contract
   */
  public static SignedAdvertisement of(byte[] body, byte[] signature) {
    return new SignedAdvertisement(
        SignedBody.of(body, signature, WireLimits.ADVERTISEMENT_BYTES_MAX));
  }

  /**
   * Reads what {@link #toRecord} wrote, unchecked.
   *
   * @throws IllegalArgumentException if the sizes are beyond the contract
   */
  public static SignedAdvertisement fromRecord(byte[] record) {
    return new SignedAdvertisement(
        SignedBody.fromRecord(record, WireLimits.ADVERTISEMENT_BYTES_MAX));
  }

  /** As the other one, for suite PLAIN. */
  public boolean verify(byte[] sessionContext, ClientId client, IdentityKeyCache keys) {
    return verify(Suite.PLAIN, sessionContext, client, keys);
  }

  /**
   * Whether this client signed for this session.
   *
   * @param suite of the session
   * @param sessionContext ctx0 as the verifier computed it itself
   * @param keys of clients seen before
   * @return false for any flaw: no flaw deserves an answer of its own
   */
  public boolean verify(
      Suite suite, byte[] sessionContext, ClientId client, IdentityKeyCache keys) {
    return open(suite, sessionContext, client, keys, SignatureCheck.EACH_TIME).isPresent();
  }

  /**
   * What the holder of an identity key signed for this session, whoever that is.
   *
   * @param suite of the session: PLAIN has no session keys, others have two of exact length that
   *     differ
   * @param sessionContext ctx0 as the verifier computed it itself
   * @param keys of clients seen before
   * @return empty for any flaw. That others can agree with the session keys is not checked: see
   *     {@link Advertised#checkKeys}
   */
  public Optional<Advertised> open(Suite suite, byte[] sessionContext, IdentityKeyCache keys) {
    return open(suite, sessionContext, keys, SignatureCheck.EACH_TIME);
  }

  /** The same, with the verifier's own way to check signatures. */
  public Optional<Advertised> open(
      Suite suite, byte[] sessionContext, IdentityKeyCache keys, SignatureCheck check) {
    return open(suite, sessionContext, null, keys, check);
  }

  private Optional<Advertised> open(
      Suite suite,
      byte[] sessionContext,
      @Nullable ClientId client,
      IdentityKeyCache keys,
      SignatureCheck check) {
    try {
      Advertisement message = Advertisement.parseFrom(signed.body());
      byte[] rawKey = message.getIdentityKey().toByteArray();
      // What costs least comes first: a stranger's junk is not worth a look at its key.
      if (!Arrays.equals(message.getCtx0().toByteArray(), sessionContext)
          || message.getNonce().size() != NONCE_LENGTH
          || (client != null && !ClientId.ofIdentityKey(rawKey).equals(client))) {
        return Optional.empty();
      }
      SessionPublicKey channelKey = sessionKey(suite, message.getChannelKey());
      SessionPublicKey maskKey = sessionKey(suite, message.getMaskKey());
      if (channelKey != null && channelKey.equals(maskKey)) {
        return Optional.empty();
      }
      byte[] certificate =
          WireField.atMost(
              "certificate", WireLimits.CERTIFICATE_BYTES_MAX, message.getCertificate());
      IdentityKey identity = keys.get(rawKey);
      return signed.isSignedBy(identity, SIGNATURE_LABEL, check)
          ? Optional.of(new Advertised(identity, channelKey, maskKey, certificate))
          : Optional.empty();
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static @Nullable SessionPublicKey sessionKey(Suite suite, ByteString field) {
    if (suite.isSecure()) {
      return SessionPublicKey.fromBytes(suite, field.toByteArray());
    }
    WireField.exactly("session key in suite PLAIN", 0, field);
    return null;
  }

  /**
   * Whether it says that it is for this session, plan, model and round; the signature is not looked
   * at.
   */
  public boolean isFor(byte[] sessionContext) {
    try {
      return Arrays.equals(
          Advertisement.parseFrom(signed.body()).getCtx0().toByteArray(), sessionContext);
    } catch (InvalidProtocolBufferException e) {
      return false;
    }
  }

  /** The signed bytes. */
  public byte[] body() {
    return signed.body().clone();
  }

  /** The signature over them, 64 bytes. */
  public byte[] signature() {
    return signed.signature().clone();
  }

  /** Signature, then body: the form in which it is stored. */
  public byte[] toRecord() {
    return signed.toRecord();
  }
}
