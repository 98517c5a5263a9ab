package io.tacit.protocol.plan;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.crypto.TaskKey;
import io.tacit.protocol.crypto.TaskKeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A training plan as it is stored, hashed and sent: its bytes, and the signature of the model's
 * owner behind them if it has one. Immutable.
 *
 * <p>Guarantee: with {@link SignatureState#VALID}, the holder of a trusted key signed every byte of
 * the plan. Reading one checks the plan, not the signature: that is for who knows which keys to
 * trust.
 */
public final class PlanArtifact {

  /** How far ahead the end of a plan may be when it is signed. */
  public static final Duration VALIDITY_MAX = Duration.ofDays(10 * 366);

  private static final String SIGNATURE_LABEL = "plan";

  private final TrainingPlan plan;
  private final OwnerSigned signed;
  private final ContentHash hash;

  private PlanArtifact(TrainingPlan plan, OwnerSigned signed) {
    this.plan = plan;
    this.signed = signed;
    this.hash = ContentHash.of(signed.bytes());
  }

  /** A plan that nobody signs, for development. */
  public static PlanArtifact unsigned(TrainingPlan plan) {
    return new PlanArtifact(plan, OwnerSigned.unsigned(SIGNATURE_LABEL, plan.toBytes()));
  }

  /**
   * Signs a plan.
   *
   * @param now to hold {@code not-after} against
   * @throws InvalidPlanException if the plan has no end, or one that is over or more than {@link
   *     #VALIDITY_MAX} away
   */
  public static PlanArtifact sign(TrainingPlan plan, TaskKeyPair key, Instant now) {
    @Nullable Instant notAfter = plan.notAfter();
    Instant latest = now.plus(VALIDITY_MAX).truncatedTo(ChronoUnit.SECONDS);
    if (notAfter == null || !notAfter.isAfter(now) || notAfter.isAfter(latest)) {
      throw new InvalidPlanException(
          "not-after",
          notAfter == null ? "missing" : notAfter,
          "later than now and at most " + latest + " in a plan that is signed",
          "say until when devices may follow this version");
    }
    return new PlanArtifact(plan, OwnerSigned.sign(SIGNATURE_LABEL, plan.toBytes(), key));
  }

  /**
   * Reads what was stored or sent.
   *
   * @throws InvalidPlanException if a field of the plan is out of range
   * @throws IllegalArgumentException if the bytes are no plan at all
   */
  public static PlanArtifact fromBytes(byte[] bytes) {
    WireMessage message = PlanMessages.parse(bytes);
    return new PlanArtifact(
        PlanMessages.decode(message), OwnerSigned.of(SIGNATURE_LABEL, bytes.clone(), message));
  }

  /** What it says. */
  public TrainingPlan plan() {
    return plan;
  }

  /** The bytes that are stored, hashed and sent; a copy. */
  public byte[] toBytes() {
    return signed.bytes().clone();
  }

  /** The SHA-256 of {@link #toBytes()}, by which everybody names the plan. */
  public ContentHash hash() {
    return hash;
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
  public String toString() {
    return "PlanArtifact[" + plan.id() + " version " + plan.version() + ", " + hash + "]";
  }
}
