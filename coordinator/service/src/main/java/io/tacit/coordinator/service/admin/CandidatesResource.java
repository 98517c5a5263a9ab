package io.tacit.coordinator.service.admin;

import io.tacit.coordinator.metrics.Measured;
import io.tacit.coordinator.metrics.MetricLedger;
import io.tacit.coordinator.metrics.MetricSums;
import io.tacit.coordinator.release.Candidate;
import io.tacit.coordinator.release.ProposalOutcome;
import io.tacit.coordinator.release.ReleaseGuard;
import io.tacit.coordinator.service.people.Roles;
import io.tacit.protocol.PlanId;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Candidates: model versions that may be released, by what devices measured. */
@Path("/api/v1/candidates")
@Produces(MediaType.APPLICATION_JSON)
@Tag(
    name = "Candidates",
    description = "Model versions that may be released, by what devices measured.")
class CandidatesResource {

  private static final int LIST_MAX = 100;

  private final ReleaseGuard guard;
  private final MetricLedger metrics;

  CandidatesResource(ReleaseGuard guard, MetricLedger metrics) {
    this.guard = guard;
    this.metrics = metrics;
  }

  /**
   * Sums that devices measured.
   *
   * @param group which devices, a name; held-back if missing
   * @param devices how many
   * @param total sum of their values, each 0 to 1
   * @param squares sum of the squares of their values
   */
  @Schema(name = "MetricSums")
  record SumsRequest(
      @Nullable String group,
      @Nullable Long devices,
      @Nullable Double total,
      @Nullable Double squares) {}

  /**
   * What is shown of a version and group now.
   *
   * @param plan whose model
   * @param modelVersion of it
   * @param group of devices
   * @param suppressed whether it has too few devices to be shown
   * @param devices that measured; missing if suppressed, as all below
   * @param mean of their values
   */
  @Schema(name = "Measured")
  record MeasuredView(
      String plan,
      int modelVersion,
      String group,
      boolean suppressed,
      @Nullable Long devices,
      @Nullable Double mean) {

    private static MeasuredView of(PlanId plan, Measured measured) {
      MetricSums sums = measured.first();
      return new MeasuredView(
          plan.value(),
          measured.version(),
          measured.group(),
          measured.isSuppressed(),
          sums == null ? null : (long) sums.devices(),
          sums == null ? null : sums.mean());
    }
  }

  @GET
  @RolesAllowed(Roles.VIEWER)
  @Operation(
      summary = "List the versions that devices do not have yet, the newest first",
      description = "Each with what held-back devices measured, and what speaks against it.")
  @APIResponse(responseCode = "200", description = "Empty where devices have the newest")
  @APIResponse(responseCode = "400", description = "Plan missing, or limit out of range")
  public List<CandidateView> list(
      @QueryParam("plan") @Nullable String plan,
      @QueryParam("limit") @DefaultValue("20") int limit) {
    PlanId id = Parameters.planInQuery(plan);
    return guard.candidates(id, Parameters.limit(limit, LIST_MAX)).stream()
        .map(candidate -> view(id, candidate))
        .toList();
  }

  @POST
  @Path("/{plan}/{version}")
  @RolesAllowed(Roles.OPERATOR)
  @Operation(
      summary = "Propose a version for release",
      description =
          "Refused if it is worse than the released one by more than the bound, or may be. A"
              + " proposal puts nothing in force: that takes the owner's signature.")
  @APIResponse(
      responseCode = "200",
      description = "It is proposed",
      content = @Content(schema = @Schema(implementation = CandidateView.class)))
  @APIResponse(responseCode = "404", description = "The plan's model has no such version")
  @APIResponse(
      responseCode = "409",
      description = "Something speaks against it; the detail says what, with figures")
  public CandidateView propose(
      @PathParam("plan") String plan,
      @PathParam("version") int version,
      @Context ContainerRequestContext request) {
    PlanId id = Parameters.planInPath(plan);
    ProposalOutcome outcome = guard.propose(id, version);
    if (outcome instanceof ProposalOutcome.Proposed proposed) {
      AuditTrail.target(request, "proposed: " + figures(proposed.candidate()));
      return view(id, proposed.candidate());
    } else if (outcome instanceof ProposalOutcome.Refused refused
        && refused.candidate().objection() != null) {
      Candidate.Objection objection = refused.candidate().objection();
      AuditTrail.target(request, "not proposed, " + CandidateView.label(objection.reason()));
      throw ProblemException.conflict(
          "version " + version + " of plan " + id + " is not proposed: " + objection.detail());
    }
    throw unknown(id, version);
  }

  private static String figures(Candidate candidate) {
    return "mean "
        + candidate.difference().orElseThrow()
        + " against the released version, standard error "
        + candidate.standardError().orElseThrow();
  }

  @POST
  @Path("/{plan}/{version}/metrics")
  @RolesAllowed(Roles.OPERATOR)
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Add what devices measured of a version",
      description =
          "Exact sums over a group of devices, each of which brings one value between 0 and 1."
              + " Reports of one version and group add up.")
  @APIResponse(
      responseCode = "200",
      description = "What is shown now of that version and group; of small groups nothing",
      content = @Content(schema = @Schema(implementation = MeasuredView.class)))
  @APIResponse(responseCode = "404", description = "The plan's model has no such version")
  @APIResponse(
      responseCode = "409",
      description = "Devices report what they measure in the plan's rounds; only that counts")
  @APIResponse(
      responseCode = "422",
      description = "A field is missing, or no values between 0 and 1 have such sums")
  public MeasuredView add(
      @PathParam("plan") String plan,
      @PathParam("version") int version,
      @Nullable SumsRequest body,
      @Context ContainerRequestContext request) {
    PlanId id = Parameters.planInPath(plan);
    if (body == null || body.devices() == null || body.total() == null || body.squares() == null) {
      throw ProblemException.unprocessable(
          "devices, total and squares must be there; send the sums of what was measured");
    }
    if (!guard.countsReports(id)) {
      throw ProblemException.conflict(
          "devices of plan "
              + id
              + " report what they measure in its rounds (evaluation.metrics), and only that"
              + " counts; GET /api/v1/plans/"
              + id
              + "/metrics shows it");
    }
    String group = body.group() == null ? ReleaseGuard.HELD_BACK : body.group();
    try {
      MetricSums report = MetricSums.exact(body.devices(), body.total(), body.squares());
      Optional<Measured> now = metrics.add(id, version, group, report);
      AuditTrail.target(request, body.devices() + " devices of group " + group);
      return MeasuredView.of(id, now.orElseThrow(() -> unknown(id, version)));
    } catch (IllegalArgumentException e) {
      throw ProblemException.unprocessable(String.valueOf(e.getMessage()));
    }
  }

  private CandidateView view(PlanId plan, Candidate candidate) {
    return CandidateView.of(plan.value(), candidate, guard.isProposed(plan, candidate.version()));
  }

  private static ProblemException unknown(PlanId plan, int version) {
    return ProblemException.notFound(
        "version " + version + " of the model of plan " + plan,
        "GET /api/v1/models?plan=" + plan + " lists them");
  }
}
