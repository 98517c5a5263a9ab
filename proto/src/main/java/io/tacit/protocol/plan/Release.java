package io.tacit.protocol.plan;

import com.google.protobuf.ByteString;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.crypto.TaskKey;
import io.tacit.protocol.crypto.TaskKeyPair;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the owner of a plan says its devices should recommend with: a model version, under a number
 * that rises, for all devices or a share of them. A rollback is a release with a higher number and
 * an older model. Immutable.
 *
 * <p>Guarantee: with {@link SignatureState#VALID}, the holder of a trusted key signed every byte.
 * Reading one does not check the signature: that is for who knows which keys to trust.
 */
public final class Release {

  private static final String SIGNATURE_LABEL = "release";

  private final PlanId plan;
  private final int number;
  private final int modelVersion;
  private final ContentHash modelHash;
  private final ReleaseShare share;
  private final OwnerSigned signed;

  private Release(
      PlanId plan,
      int number,
      int modelVersion,
      ContentHash modelHash,
      ReleaseShare share,
      OwnerSigned signed) {
    this.plan = plan;
    this.number = requirePositive("number", number);
    this.modelVersion = requirePositive("model version", modelVersion);
    this.modelHash = modelHash;
    this.share = share;
    this.signed = signed;
  }

  /** Signs a release for all devices, see the other. */
  public static Release sign(
      PlanId plan, int number, int modelVersion, ContentHash modelHash, TaskKeyPair key) {
    return sign(plan, number, modelVersion, modelHash, ReleaseShare.ALL, key);
  }

  /**
   * Signs a release.
   *
   * @param plan whose model
   * @param number at least 1: one more than the release that it replaces
   * @param modelVersion at least 1, as initial parameters are not released
   * @param modelHash SHA-256 of the model file
   * @param share of the plan's devices that it is for
   */
  public static Release sign(
      PlanId plan,
      int number,
      int modelVersion,
      ContentHash modelHash,
      ReleaseShare share,
      TaskKeyPair key) {
    io.tacit.protocol.v1.Release.Builder body =
        io.tacit.protocol.v1.Release.newBuilder()
            .setPlanId(plan.value())
            .setNumber(number)
            .setModelVersion(modelVersion)
            .setModelHash(ByteString.copyFrom(modelHash.toBytes()));
    if (!share.isAll()) {
      body.setShare(share.parts());
    }
    return new Release(
        plan,
        number,
        modelVersion,
        modelHash,
        share,
        OwnerSigned.sign(SIGNATURE_LABEL, body.build().toByteArray(), key));
  }

  /**
   * Reads what was stored or sent.
   *
   * @throws IllegalArgumentException if it is no release
   */
  public static Release fromBytes(byte[] bytes) {
    if (bytes.length > WireLimits.RELEASE_BYTES_MAX) {
      throw new IllegalArgumentException(
          "release has "
              + bytes.length
              + " bytes, must have at most "
              + WireLimits.RELEASE_BYTES_MAX);
    }
    WireMessage message = WireMessage.parse("release is not a tacit.v1.Release", bytes);
    int parts = message.uint32(io.tacit.protocol.v1.Release.SHARE_FIELD_NUMBER);
    return new Release(
        new PlanId(message.string(io.tacit.protocol.v1.Release.PLAN_ID_FIELD_NUMBER)),
        message.uint32(io.tacit.protocol.v1.Release.NUMBER_FIELD_NUMBER),
        message.uint32(io.tacit.protocol.v1.Release.MODEL_VERSION_FIELD_NUMBER),
        ContentHash.fromDigest(message.bytes(io.tacit.protocol.v1.Release.MODEL_HASH_FIELD_NUMBER)),
        parts == 0 ? ReleaseShare.ALL : new ReleaseShare(parts),
        OwnerSigned.of(SIGNATURE_LABEL, bytes.clone(), message));
  }

  private static int requirePositive(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "release has "
              + what
              + " "
              + Integer.toUnsignedString(value)
              + ", must be 1 to "
              + Integer.MAX_VALUE);
    }
    return value;
  }

  /** Whose model. */
  public PlanId plan() {
    return plan;
  }

  /** From 1; the higher one counts. */
  public int number() {
    return number;
  }

  /** Version of the model, from 1. */
  public int modelVersion() {
    return modelVersion;
  }

  /** SHA-256 of the model file. */
  public ContentHash modelHash() {
    return modelHash;
  }

  /** For which of the plan's devices it is. */
  public ReleaseShare share() {
    return share;
  }

  /** Whether it is for this device. */
  public boolean isFor(ClientId device) {
    return share.includes(plan, device);
  }

  /** Whether it is about this model. */
  public boolean isOf(PlanId otherPlan, int otherVersion, ContentHash otherHash) {
    return plan.equals(otherPlan) && modelVersion == otherVersion && modelHash.equals(otherHash);
  }

  /** The bytes that are stored and sent; a copy. */
  public byte[] toBytes() {
    return signed.bytes().clone();
  }

  /** Id of the key that the signature names, trusted or not; empty if there is none. */
  public Optional<ContentHash> signer() {
    return signed.signer();
  }

  /** Holds the signature against the keys that are trusted. */
  public SignatureState check(Collection<TaskKey> trusted) {
    return signed.check(trusted);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Release
        && Arrays.equals(signed.bytes(), ((Release) other).signed.bytes());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(signed.bytes());
  }

  @Override
  public String toString() {
    return "Release["
        + plan
        + " number "
        + number
        + ", model version "
        + modelVersion
        + ", "
        + modelHash
        + (share.isAll() ? "" : ", for " + share + " of the devices")
        + "]";
  }
}
