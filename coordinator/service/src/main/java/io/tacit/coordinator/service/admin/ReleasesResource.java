package io.tacit.coordinator.service.admin;

import io.tacit.coordinator.plans.TaskKeys;
import io.tacit.coordinator.release.ReleaseOutcome;
import io.tacit.coordinator.release.ReleaseRegistry;
import io.tacit.coordinator.release.ReleasedModel;
import io.tacit.coordinator.service.access.Admission;
import io.tacit.coordinator.service.people.Roles;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.plan.Release;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Releases: which version of a model its owner gives to devices. */
@Path("/api/v1/releases")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Releases", description = "Which version of a model its owner gives to devices.")
class ReleasesResource {

  private static final int LIST_MAX = 1_000;

  private final ReleaseRegistry releases;
  private final TaskKeys taskKeys;
  private final Admission admission;

  ReleasesResource(ReleaseRegistry releases, TaskKeys taskKeys, Admission admission) {
    this.releases = releases;
    this.taskKeys = taskKeys;
    this.admission = admission;
  }

  @POST
  @RolesAllowed(Roles.OWNER)
  @Consumes(MediaType.APPLICATION_OCTET_STREAM)
  @Operation(
      summary = "Release a version of a model, or roll back to an older one",
      description =
          "The body is the release as its owner signed it, message Release of models.proto, made by"
              + " tacit model release or tacit model rollback. Its number must be one more than"
              + " that of the release that it replaces; the first may have any, and must be for"
              + " all devices. One for a share of the devices leaves the others what they have.")
  @APIResponse(
      responseCode = "201",
      description = "The release is in force: the devices that it is for get its model",
      content = @Content(schema = @Schema(implementation = ReleaseView.class)))
  @APIResponse(
      responseCode = "200",
      description = "This very release was in force already; nothing changed",
      content = @Content(schema = @Schema(implementation = ReleaseView.class)))
  @APIResponse(responseCode = "404", description = "The plan's model has no such version")
  @APIResponse(
      responseCode = "409",
      description =
          "Another release is in force than the one that this one replaces; or this one is for a"
              + " share of the devices, and nothing is released for the others, or no device proves"
              + " which it is")
  @APIResponse(
      responseCode = "422",
      description = "No release, not signed with a key of tacit.task-keys, or of another file")
  public RestResponse<ReleaseView> release(
      InputStream body, @Context ContainerRequestContext request) {
    Release release = read(body);
    AuditTrail.target(
        request,
        name(release)
            + ": model version "
            + release.modelVersion()
            + " hash "
            + release.modelHash()
            + forShare(release)
            + release.signer().map(key -> ", signed with task key " + key).orElse(", unsigned"));
    Optional<String> objection = taskKeys.objectionTo(release);
    if (objection.isPresent()) {
      throw ProblemException.unprocessable(objection.get());
    }
    if (!release.share().isAll() && !admission.enrolledOnly()) {
      throw ProblemException.conflict(
          name(release)
              + " is"
              + forShare(release)
              + ", and here no device proves which it is; release for all, or set"
              + " tacit.devices=enrolled");
    }
    ReleaseOutcome outcome = releases.release(release);
    if (outcome instanceof ReleaseOutcome.Released released) {
      return RestResponse.status(
          RestResponse.Status.CREATED, ReleaseView.of(released.model(), true));
    } else if (outcome instanceof ReleaseOutcome.AlreadyReleased already) {
      return RestResponse.status(RestResponse.Status.OK, ReleaseView.of(already.model(), true));
    }
    throw refusal(release, outcome);
  }

  private static String name(Release release) {
    return "release " + release.number() + " of plan " + release.plan();
  }

  private static String forShare(Release release) {
    return release.share().isAll() ? "" : " for " + release.share() + " of the devices";
  }

  private static Release read(InputStream body) {
    byte[] bytes = RequestBody.read(body, "release", WireLimits.RELEASE_BYTES_MAX);
    try {
      return Release.fromBytes(bytes);
    } catch (IllegalArgumentException e) {
      throw ProblemException.unprocessable(e.getMessage() + "; send what was signed, unchanged");
    }
  }

  private static ProblemException refusal(Release release, ReleaseOutcome outcome) {
    if (outcome instanceof ReleaseOutcome.NotTheNext other) {
      return ProblemException.conflict(
          name(release)
              + " would replace "
              + (release.number() == 1 ? "none" : "release " + (release.number() - 1))
              + ", but release "
              + other.current()
              + " is in force; see what devices have now, then release in place of that");
    } else if (outcome instanceof ReleaseOutcome.OtherModel other) {
      return ProblemException.unprocessable(
          name(release)
              + " is for a model with hash "
              + release.modelHash()
              + ", version "
              + release.modelVersion()
              + " here has "
              + other.model().hash()
              + "; download that version and sign what came");
    } else if (outcome instanceof ReleaseOutcome.NothingForAll) {
      return ProblemException.conflict(
          name(release)
              + " is"
              + forShare(release)
              + ", and there is none that the others could have; release a version for all first");
    } else if (outcome instanceof ReleaseOutcome.TooManyShares too) {
      return ProblemException.conflict(
          name(release)
              + " is"
              + forShare(release)
              + " and follows "
              + too.max()
              + " that are for a share too, must be at most so many in a row; release a version for"
              + " all first");
    }
    return ProblemException.notFound(
        "version " + release.modelVersion() + " of the model of plan " + release.plan(),
        "GET /api/v1/models?plan=" + release.plan() + " lists them");
  }

  @GET
  @RolesAllowed(Roles.VIEWER)
  @Operation(summary = "List the releases of a plan's model, the newest first")
  @APIResponse(responseCode = "200", description = "Empty where nothing was released")
  @APIResponse(responseCode = "400", description = "Plan missing, or limit out of range")
  public List<ReleaseView> list(
      @QueryParam("plan") @Nullable String plan,
      @QueryParam("before") @DefaultValue("2147483647") int before,
      @QueryParam("limit") @DefaultValue("1000") int limit) {
    PlanId id = Parameters.planInQuery(plan);
    List<ReleasedModel> inForce = releases.inForce(id);
    return releases.list(id, before, Parameters.limit(limit, LIST_MAX)).stream()
        .map(released -> ReleaseView.of(released, inForce.contains(released)))
        .toList();
  }
}
