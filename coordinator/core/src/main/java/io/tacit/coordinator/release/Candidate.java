package io.tacit.coordinator.release;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model version that is newer than the released one, and what the guard says of it.
 *
 * @param version of the model
 * @param findings what held-back devices measured of it, and of as many versions before it as the
 *     plan's rule takes together with it; null if nothing is shown of the version itself
 * @param released the same of the released version; null if nothing is shown of any of them
 * @param objection why it is not proposed; null if nothing is against it
 */
public record Candidate(
    int version,
    @Nullable Findings findings,
    @Nullable Findings released,
    @Nullable Objection objection) {

  /** Why a version is not proposed. */
  public enum Reason {
    /** Nothing is released yet that it could be compared with. */
    NOTHING_RELEASED,
    /** Devices have it, or a newer one. */
    NOT_NEWER,
    /** Too few held-back devices have measured it, or the released one. */
    TOO_FEW_DEVICES,
    /** It is worse than the released one by more than the bound. */
    WORSE,
    /** It may be worse by more than the bound; more devices of one version would tell. */
    UNCERTAIN
  }

  /**
   * Why a version is not proposed.
   *
   * @param reason for code
   * @param detail for people: figures, and what to do
   */
  public record Objection(Reason reason, String detail) {}

  /** How much better than the released version a device finds it on average; empty if not known. */
  public Optional<Double> difference() {
    return findings == null || released == null
        ? Optional.empty()
        : Optional.of(findings.mean() - released.mean());
  }

  /**
   * The standard error of the difference, as if other devices had measured either version; empty if
   * not known. Sums do not say which device brought which value, so that the same devices do not
   * bring it down; it errs on the side of caution where devices agree on the two versions.
   */
  public Optional<Double> standardError() {
    return findings == null || released == null
        ? Optional.empty()
        : Optional.of(Math.sqrt(findings.errorSquared() + released.errorSquared()));
  }
}
