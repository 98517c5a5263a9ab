package io.tacit.coordinator.service.admin;

import io.tacit.coordinator.models.ArtifactStore;
import io.tacit.coordinator.models.StoredArtifact;
import io.tacit.coordinator.rounds.Round;
import io.tacit.coordinator.rounds.RoundState;
import io.tacit.coordinator.rounds.RoundStore;
import io.tacit.coordinator.service.people.Roles;
import io.tacit.coordinator.sessions.Session;
import io.tacit.coordinator.sessions.SessionStore;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.RoundId;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The history of rounds. */
@Path("/api/v1/rounds")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Rounds", description = "What became of each round.")
class RoundsResource {

  private final RoundStore rounds;
  private final SessionStore sessions;
  private final ArtifactStore artifacts;

  RoundsResource(RoundStore rounds, SessionStore sessions, ArtifactStore artifacts) {
    this.rounds = rounds;
    this.sessions = sessions;
    this.artifacts = artifacts;
  }

  @GET
  @RolesAllowed(Roles.VIEWER)
  @Operation(
      summary = "List the rounds of a plan, ascending by number",
      description = "To follow a plan, ask again with the last number as after.")
  @APIResponse(responseCode = "200", description = "Empty for an unknown plan")
  @APIResponse(responseCode = "400", description = "Plan missing, or limit out of range")
  public List<RoundView> list(
      @QueryParam("plan") @Nullable String plan,
      @QueryParam("after") @DefaultValue("0") long after,
      @QueryParam("limit") @DefaultValue("1000") int limit) {
    PlanId id = Parameters.planInQuery(plan);
    List<Round> found = rounds.list(id, after, Parameters.limit(limit, RoundStore.LIST_MAX));
    if (found.isEmpty()) {
      return List.of();
    }
    Map<RoundId, List<Session>> shards =
        sessions
            .ofRounds(id, found.get(0).id().number(), found.get(found.size() - 1).id().number())
            .stream()
            .collect(Collectors.groupingBy(Session::round));
    return found.stream()
        .map(round -> RoundView.of(round, shards.getOrDefault(round.id(), List.of())))
        .toList();
  }

  @GET
  @RolesAllowed(Roles.VIEWER)
  @Path("/{plan}/{number}")
  @Operation(summary = "Show a round")
  @APIResponse(
      responseCode = "200",
      description = "The round",
      content = @Content(schema = @Schema(implementation = RoundView.class)))
  @APIResponse(responseCode = "404", description = "No such round")
  public RoundView get(@PathParam("plan") String plan, @PathParam("number") long number) {
    PlanId id = Parameters.planInPath(plan);
    return (number < 1 ? Optional.<RoundView>empty() : find(id, number))
        .orElseThrow(
            () ->
                ProblemException.notFound(
                    "round " + number + " of plan " + plan,
                    "GET /api/v1/rounds?plan=" + plan + " lists them"));
  }

  @GET
  @RolesAllowed(Roles.VIEWER)
  @Path("/{plan}/{number}/record")
  @Produces(MediaType.APPLICATION_OCTET_STREAM)
  @Operation(
      summary = "Download the record of a completed round of secure aggregation",
      description =
          "A serialised tacit.v1.RoundRecord, as devices fetch it by its hash; tacit verify-round"
              + " checks it. ETag is its SHA-256.")
  @APIResponse(responseCode = "200", description = "The record")
  @APIResponse(responseCode = "404", description = "No such round, or it has no record")
  public Response record(@PathParam("plan") String plan, @PathParam("number") long number) {
    PlanId id = Parameters.planInPath(plan);
    ContentHash hash =
        (number < 1 ? Optional.<Round>empty() : rounds.find(new RoundId(id, number)))
            .map(Round::state)
            .map(state -> state instanceof RoundState.Completed done ? done.record() : null)
            .orElseThrow(
                () ->
                    ProblemException.notFound(
                        "record of round " + number + " of plan " + plan,
                        "only completed rounds of secure aggregation have one; GET"
                            + " /api/v1/rounds?plan="
                            + plan
                            + " lists rounds"));
    StoredArtifact file =
        artifacts
            .open(hash)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "record " + hash + " is not among the artifacts; restore them"));
    return Response.ok(file.stream(), MediaType.APPLICATION_OCTET_STREAM)
        .tag(new EntityTag(hash.toHex()))
        .header(HttpHeaders.CONTENT_LENGTH, file.length())
        .build();
  }

  private Optional<RoundView> find(PlanId plan, long number) {
    return rounds
        .find(new RoundId(plan, number))
        .map(round -> RoundView.of(round, sessions.of(round.id())));
  }
}
