package io.tacit.coordinator.service.admin;

import io.tacit.coordinator.release.Candidate;
import io.tacit.coordinator.release.Findings;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A model version that is newer than the released one, and what the guard says of it.
 *
 * @param plan whose model
 * @param modelVersion of it
 * @param devices different held-back devices that measured it, or as many versions before it as the
 *     plan takes together, at the least; with noise an estimate
 * @param mean their mean value; missing if none has, or they are too few to be shown
 * @param releasedMean the same of the released version
 * @param difference mean less releasedMean
 * @param standardError of the difference, with that of the noise
 * @param objection nothing-released, not-newer, too-few-devices, worse or uncertain; missing if
 *     nothing is against it
 * @param detail of the objection, for people
 * @param proposed whether it was proposed in place of the release in force
 */
@Schema(name = "Candidate")
record CandidateView(
    String plan,
    int modelVersion,
    long devices,
    @Nullable Double mean,
    @Nullable Double releasedMean,
    @Nullable Double difference,
    @Nullable Double standardError,
    @Nullable String objection,
    @Nullable String detail,
    boolean proposed) {

  static CandidateView of(String plan, Candidate candidate, boolean proposed) {
    Findings findings = candidate.findings();
    Findings released = candidate.released();
    Candidate.Objection objection = candidate.objection();
    return new CandidateView(
        plan,
        candidate.version(),
        findings == null ? 0 : Math.round(findings.devices()),
        findings == null ? null : findings.mean(),
        released == null ? null : released.mean(),
        candidate.difference().orElse(null),
        candidate.standardError().orElse(null),
        objection == null ? null : label(objection.reason()),
        objection == null ? null : objection.detail(),
        proposed);
  }

  static String label(Candidate.Reason reason) {
    return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
