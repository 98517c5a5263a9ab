package io.tacit.coordinator.service.admin;

import io.tacit.coordinator.Coordinator;
import io.tacit.coordinator.models.ModelVersion;
import io.tacit.coordinator.plans.ApplyOutcome;
import io.tacit.coordinator.plans.CatalogueLookup;
import io.tacit.coordinator.plans.Catalogues;
import io.tacit.coordinator.plans.PlanFile;
import io.tacit.coordinator.plans.RegisteredPlan;
import io.tacit.coordinator.plans.TaskKeys;
import io.tacit.coordinator.service.people.Roles;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.plan.InvalidPlanException;
import io.tacit.protocol.plan.PlanArtifact;
import io.tacit.protocol.plan.TrainingPlan;
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
import jakarta.ws.rs.core.Response;
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

/** Training plans: applied here, then run by the conductor. */
@Path("/api/v1/plans")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Plans", description = "What is trained, on which devices, and how.")
class PlansResource {

  /** Rounds of a plan at most; a higher number is a slip of the pen. */
  private static final long ROUND_MAX = 100_000_000;

  /** Versions whose metrics one answer has. */
  private static final int METRIC_VERSIONS_MAX = 100;

  private final Coordinator coordinator;
  private final TaskKeys taskKeys;
  private final CatalogueLookup catalogues;

  PlansResource(Coordinator coordinator, TaskKeys taskKeys) {
    this.coordinator = coordinator;
    this.taskKeys = taskKeys;
    this.catalogues = new Catalogues(coordinator.artifacts());
  }

  /**
   * What became of a plan that was sent.
   *
   * @param id of the plan
   * @param version of the plan
   * @param hash of its wire form
   * @param state ACTIVE, FINISHED or SUPERSEDED
   */
  @Schema(name = "AppliedPlan")
  record AppliedPlan(String id, int version, String hash, RegisteredPlan.State state) {}

  @POST
  @RolesAllowed(Roles.OPERATOR)
  @Consumes({"application/yaml", "application/x-yaml", "text/yaml", MediaType.APPLICATION_JSON})
  @Operation(
      summary = "Apply a plan",
      description = "The body is a plan file, YAML or JSON, at most 1 MiB; docs/reference/plan.md.")
  @APIResponse(
      responseCode = "201",
      description = "The plan is active; an older version is superseded",
      content = @Content(schema = @Schema(implementation = AppliedPlan.class)))
  @APIResponse(
      responseCode = "200",
      description = "The same plan was applied before; nothing changed",
      content = @Content(schema = @Schema(implementation = AppliedPlan.class)))
  @APIResponse(
      responseCode = "409",
      description = "The version is not higher than the one in force, or the model is another")
  @APIResponse(
      responseCode = "422",
      description = "The plan can not be carried out: field, value, allowed, remedy, line, column")
  public RestResponse<AppliedPlan> apply(
      InputStream body, @Context ContainerRequestContext request) {
    byte[] bytes = RequestBody.read(body, "plan file", WireLimits.PLAN_BYTES_MAX);
    return apply(
        PlanArtifact.unsigned(PlanFile.parse(RequestBody.utf8(bytes, "plan file"), catalogues)),
        request);
  }

  @POST
  @RolesAllowed(Roles.OPERATOR)
  @Consumes(MediaType.APPLICATION_OCTET_STREAM)
  @Operation(
      summary = "Apply a plan that its owner signed",
      description =
          "The body is the signed plan as devices get it, made by tacit plan apply --key.")
  @APIResponse(responseCode = "201", description = "As with a plan file")
  @APIResponse(responseCode = "200", description = "As with a plan file")
  public RestResponse<AppliedPlan> applySigned(
      InputStream body, @Context ContainerRequestContext request) {
    byte[] bytes = RequestBody.read(body, "signed plan", WireLimits.PLAN_BYTES_MAX);
    PlanArtifact plan;
    try {
      plan = PlanArtifact.fromBytes(bytes);
    } catch (InvalidPlanException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw ProblemException.unprocessable(e.getMessage() + "; send what was signed, unchanged");
    }
    return apply(plan, request);
  }

  private RestResponse<AppliedPlan> apply(PlanArtifact artifact, ContainerRequestContext request) {
    TrainingPlan plan = artifact.plan();
    AuditTrail.target(
        request,
        "plan "
            + plan.id()
            + " version "
            + plan.version()
            + " hash "
            + artifact.hash()
            + artifact.signer().map(key -> ", signed with task key " + key).orElse(", unsigned"));
    Optional<String> objection = taskKeys.objectionTo(artifact);
    if (objection.isPresent()) {
      throw ProblemException.unprocessable(objection.get());
    }
    ApplyOutcome outcome = coordinator.plans().apply(artifact);
    if (outcome instanceof ApplyOutcome.Applied applied) {
      coordinator.conductor().wake();
      return answer(RestResponse.Status.CREATED, applied.plan());
    } else if (outcome instanceof ApplyOutcome.AlreadyApplied already) {
      return answer(RestResponse.Status.OK, already.plan());
    } else if (outcome instanceof ApplyOutcome.VersionNotHigher refused) {
      throw ProblemException.conflict(
          "plan "
              + plan.id()
              + " has version "
              + plan.version()
              + " but version "
              + refused.current().plan().version()
              + " is in force; give the changed plan a higher version");
    }
    ApplyOutcome.ModelChanged refused = (ApplyOutcome.ModelChanged) outcome;
    throw ProblemException.conflict(
        "plan "
            + plan.id()
            + " has another "
            + refused.field()
            + " section than version "
            + refused.current().plan().version()
            + ", whose trained parameters would mean something else; give the plan a new id");
  }

  @GET
  @RolesAllowed(Roles.VIEWER)
  @Operation(summary = "List the plans in force, by id")
  @APIResponse(responseCode = "200", description = "Without the plans' own text")
  public List<PlanView> list() {
    return coordinator.plans().list().stream()
        .map(registered -> PlanView.of(registered, roundsDone(registered)))
        .toList();
  }

  @GET
  @RolesAllowed(Roles.VIEWER)
  @Path("/{id}")
  @Operation(summary = "Show a plan, every setting written out")
  @APIResponse(
      responseCode = "200",
      description = "With the plan in the spelling of plan files",
      content = @Content(schema = @Schema(implementation = PlanView.class)))
  @APIResponse(responseCode = "404", description = "No such plan")
  public PlanView get(@PathParam("id") String id) {
    PlanId plan = Parameters.planInPath(id);
    RegisteredPlan registered =
        coordinator.plans().find(plan).orElseThrow(() -> Parameters.unknownPlan(id));
    return PlanView.whole(
        registered, roundsDone(registered), coordinator.plans().artifact(registered).signer());
  }

  @GET
  @RolesAllowed(Roles.VIEWER)
  @Path("/{id}/file")
  @Produces({MediaType.APPLICATION_OCTET_STREAM, Problem.MEDIA_TYPE})
  @Operation(
      summary = "Download a plan as devices get it",
      description = "The message TrainingPlan of plan.proto; the ETag is its content hash.")
  @APIResponse(responseCode = "200", description = "The bytes that devices fetch and hash")
  @APIResponse(responseCode = "404", description = "No such plan")
  public Response file(@PathParam("id") String id) {
    PlanId plan = Parameters.planInPath(id);
    RegisteredPlan registered =
        coordinator.plans().find(plan).orElseThrow(() -> Parameters.unknownPlan(id));
    return Response.ok(
            coordinator.plans().artifact(registered).toBytes(), MediaType.APPLICATION_OCTET_STREAM)
        .tag(registered.hash().toHex())
        .build();
  }

  @GET
  @RolesAllowed(Roles.VIEWER)
  @Path("/{id}/privacy")
  @Operation(
      summary = "What a plan lets be learnt about a device",
      description =
          "Both epsilons, so far and at the devices' cap, of updates, of metrics and of both"
              + " together, with their assumptions.")
  @APIResponse(
      responseCode = "200",
      description = "From the ledger that every sum is charged to before it can be known",
      content = @Content(schema = @Schema(implementation = PrivacyView.class)))
  @APIResponse(responseCode = "404", description = "No such plan")
  public PrivacyView privacy(@PathParam("id") String id) {
    PlanId plan = Parameters.planInPath(id);
    RegisteredPlan registered =
        coordinator.plans().find(plan).orElseThrow(() -> Parameters.unknownPlan(id));
    return PrivacyView.of(registered, coordinator.privacy().standing(registered.plan()));
  }

  @GET
  @RolesAllowed(Roles.VIEWER)
  @Path("/{id}/metrics")
  @Operation(
      summary = "What devices measured of the versions of a plan's model",
      description =
          "Means by group of devices, with noise where the plan has it. Groups that have too few"
              + " devices after noise are suppressed.")
  @APIResponse(
      responseCode = "200",
      description = "The newest version first; none that nobody measured",
      content = @Content(schema = @Schema(implementation = MetricsView.class)))
  @APIResponse(responseCode = "400", description = "Limit out of range")
  @APIResponse(responseCode = "404", description = "No such plan")
  public MetricsView metrics(
      @PathParam("id") String id,
      @QueryParam("version") @Nullable Integer version,
      @QueryParam("before") @Nullable Integer before,
      @QueryParam("limit") @DefaultValue("20") int limit) {
    PlanId plan = Parameters.planInPath(id);
    RegisteredPlan registered =
        coordinator.plans().find(plan).orElseThrow(() -> Parameters.unknownPlan(id));
    int versions = Parameters.limit(limit, METRIC_VERSIONS_MAX);
    if (version != null) {
      return metrics(registered, version, version);
    }
    int last = before != null ? before - 1 : roundsDone(registered);
    return metrics(registered, last - versions + 1, last);
  }

  private MetricsView metrics(RegisteredPlan registered, int first, int last) {
    return MetricsView.of(
        registered.plan(), coordinator.metrics().list(registered.plan().id(), first, last));
  }

  /**
   * Rounds that a backup does not know.
   *
   * @param after number of the last one that the backup holds, 0 if none
   * @param last number of the last one that took place
   */
  @Schema(name = "LostRounds")
  record LostRounds(long after, long last) {}

  @POST
  @RolesAllowed(Roles.OWNER)
  @Path("/{id}/lost-rounds")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Count rounds that took place after the backup that this database comes from",
      description = "They are charged to the privacy ledger, and their numbers not used again.")
  @APIResponse(responseCode = "200", description = "The ledger with these rounds")
  @APIResponse(responseCode = "404", description = "No such plan")
  @APIResponse(responseCode = "422", description = "The rounds are none, or were counted before")
  public PrivacyView noteLost(
      @PathParam("id") String id, LostRounds lost, @Context ContainerRequestContext request) {
    PlanId plan = Parameters.planInPath(id);
    RegisteredPlan registered =
        coordinator.plans().find(plan).orElseThrow(() -> Parameters.unknownPlan(id));
    long known = coordinator.privacy().lastLost(plan);
    if (lost == null
        || lost.after() < known
        || lost.last() <= lost.after()
        || lost.last() > ROUND_MAX) {
      throw ProblemException.unprocessable(
          "rounds after "
              + (lost == null ? "?" : lost.after())
              + " to "
              + (lost == null ? "?" : lost.last())
              + " can not be counted as lost: after must be at least "
              + known
              + ", the last that was, and last above it and at most "
              + ROUND_MAX
              + "; give the last round of the backup and the last that took place");
    }
    AuditTrail.target(
        request,
        "rounds " + (lost.after() + 1) + " to " + lost.last() + " of plan " + plan + " are lost");
    coordinator
        .privacy()
        .noteLost(registered.plan(), lost.after() + 1, lost.last(), coordinator.clock().instant());
    return PrivacyView.of(registered, coordinator.privacy().standing(registered.plan()));
  }

  private int roundsDone(RegisteredPlan registered) {
    return coordinator.models().latest(registered.plan().id()).map(ModelVersion::version).orElse(0);
  }

  private static RestResponse<AppliedPlan> answer(
      RestResponse.Status status, RegisteredPlan registered) {
    return RestResponse.status(
        status,
        new AppliedPlan(
            registered.plan().id().value(),
            registered.plan().version(),
            registered.hash().toHex(),
            registered.state()));
  }
}
