package io.tacit.coordinator.service.admin;

import io.tacit.coordinator.models.ArtifactStore;
import io.tacit.coordinator.models.ModelRegistry;
import io.tacit.coordinator.models.ModelVersion;
import io.tacit.coordinator.models.StoredArtifact;
import io.tacit.coordinator.service.people.Roles;
import io.tacit.protocol.PlanId;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The history of each plan's model, and the files. */
@Path("/api/v1/models")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Models", description = "Versions of models, and their files.")
class ModelsResource {

  private static final int LIST_MAX = 1_000;

  private final ModelRegistry models;
  private final ArtifactStore artifacts;

  ModelsResource(ModelRegistry models, ArtifactStore artifacts) {
    this.models = models;
    this.artifacts = artifacts;
  }

  @GET
  @RolesAllowed(Roles.VIEWER)
  @Operation(summary = "List the versions of a plan's model, ascending")
  @APIResponse(responseCode = "200", description = "Empty for an unknown plan")
  @APIResponse(responseCode = "400", description = "Plan missing, or limit out of range")
  public List<ModelView> list(
      @QueryParam("plan") @Nullable String plan,
      @QueryParam("after") @DefaultValue("-1") int after,
      @QueryParam("limit") @DefaultValue("1000") int limit) {
    PlanId id = Parameters.planInQuery(plan);
    return models.list(id, after, Parameters.limit(limit, LIST_MAX)).stream()
        .map(ModelView::of)
        .toList();
  }

  @GET
  @RolesAllowed(Roles.VIEWER)
  @Path("/{plan}/{version}")
  @Operation(summary = "Show a version; \"latest\" is the newest")
  @APIResponse(
      responseCode = "200",
      description = "The version",
      content = @Content(schema = @Schema(implementation = ModelView.class)))
  @APIResponse(responseCode = "404", description = "No such version")
  public ModelView get(@PathParam("plan") String plan, @PathParam("version") String version) {
    return ModelView.of(find(plan, version));
  }

  @GET
  @RolesAllowed(Roles.VIEWER)
  @Path("/{plan}/{version}/file")
  @Produces({MediaType.APPLICATION_OCTET_STREAM, Problem.MEDIA_TYPE})
  @Operation(
      summary = "Download the file of a version",
      description = "The ETag is the content hash; If-None-Match is honoured.")
  @APIResponse(responseCode = "200", description = "The parameters: TCTM, version, d, d × float32")
  @APIResponse(responseCode = "304", description = "The caller has this file already")
  @APIResponse(responseCode = "404", description = "No such version")
  public Response file(
      @PathParam("plan") String plan,
      @PathParam("version") String version,
      @Context Request request) {
    ModelVersion model = find(plan, version);
    EntityTag tag = new EntityTag(model.hash().toHex());
    Response.ResponseBuilder unchanged = request.evaluatePreconditions(tag);
    if (unchanged != null) {
      return unchanged.tag(tag).build();
    }
    StoredArtifact file = artifacts.open(model.hash()).orElseThrow(() -> models.missing(model));
    return Response.ok(file.stream(), MediaType.APPLICATION_OCTET_STREAM)
        .tag(tag)
        .header(HttpHeaders.CONTENT_LENGTH, file.length())
        .build();
  }

  private ModelVersion find(String plan, String version) {
    PlanId id = Parameters.planInPath(plan);
    return byNumber(id, version)
        .orElseThrow(
            () ->
                ProblemException.notFound(
                    "version " + version + " of the model of plan " + plan,
                    "GET /api/v1/models?plan=" + plan + " lists them"));
  }

  private Optional<ModelVersion> byNumber(PlanId plan, String version) {
    if (version.equals("latest")) {
      return models.latest(plan);
    }
    return version.matches("[0-9]{1,9}")
        ? models.find(plan, Integer.parseInt(version))
        : Optional.empty();
  }
}
