package io.tacit.coordinator.service.admin;

import io.tacit.coordinator.rounds.Round;
import io.tacit.coordinator.rounds.RoundStore;
import io.tacit.coordinator.service.people.Roles;
import io.tacit.coordinator.sessions.Session;
import io.tacit.coordinator.sessions.SessionStore;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.RoundId;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
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

  RoundsResource(RoundStore rounds, SessionStore sessions) {
    this.rounds = rounds;
    this.sessions = sessions;
  }

  @GET
  @RolesAllowed(Roles.VIEWER)
  @Operation(
      summary = "List the rounds of a plan, ascending by number",
      description = "To follow a plan, ask again with the last number as after.")
  @APIResponse(responseCode = "200", description = "Empty for an unknown plan")
  @APIResponse(
      responseCode = "400",
      description = "Plan missing, or limit out of range",
      content =
          @Content(
              mediaType = Problem.MEDIA_TYPE,
              schema = @Schema(implementation = Problem.class)))
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
  @APIResponse(
      responseCode = "404",
      description = "No such round",
      content =
          @Content(
              mediaType = Problem.MEDIA_TYPE,
              schema = @Schema(implementation = Problem.class)))
  public RoundView get(@PathParam("plan") String plan, @PathParam("number") long number) {
    PlanId id = Parameters.planInPath(plan);
    return (number < 1 ? Optional.<RoundView>empty() : find(id, number))
        .orElseThrow(
            () ->
                ProblemException.notFound(
                    "round " + number + " of plan " + plan,
                    "GET /api/v1/rounds?plan=" + plan + " lists them"));
  }

  private Optional<RoundView> find(PlanId plan, long number) {
    return rounds
        .find(new RoundId(plan, number))
        .map(round -> RoundView.of(round, sessions.of(round.id())));
  }
}
