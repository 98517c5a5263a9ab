package io.tacit.coordinator.service.admin;

import io.tacit.coordinator.models.ArtifactStore;
import io.tacit.coordinator.plans.Catalogues;
import io.tacit.coordinator.service.people.Roles;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.plan.Catalogue;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** Catalogues: the items of a plan, uploaded before the plan. */
@Path("/api/v1/catalogues")
@Tag(name = "Catalogues", description = "The items that plans over items name by hash.")
class CataloguesResource {

  private final Catalogues catalogues;

  CataloguesResource(ArtifactStore artifacts) {
    this.catalogues = new Catalogues(artifacts);
  }

  /**
   * A stored catalogue.
   *
   * @param hash its name, 64 hex digits
   * @param items number of items
   */
  @Schema(name = "StoredCatalogue")
  record StoredCatalogue(String hash, int items) {}

  @PUT
  @RolesAllowed(Roles.OPERATOR)
  @Consumes(MediaType.TEXT_PLAIN)
  @Produces(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Upload a catalogue",
      description =
          "UTF-8 lines: #tacit-catalogue 1, then one item a line: id, tab, title. At most 64 MiB.")
  @APIResponse(
      responseCode = "201",
      description = "Stored",
      content = @Content(schema = @Schema(implementation = StoredCatalogue.class)))
  @APIResponse(
      responseCode = "200",
      description = "It was there already",
      content = @Content(schema = @Schema(implementation = StoredCatalogue.class)))
  @APIResponse(responseCode = "413", description = "Larger than 64 MiB")
  @APIResponse(responseCode = "422", description = "Not a catalogue; detail names the line")
  public RestResponse<StoredCatalogue> put(
      InputStream body, @Context ContainerRequestContext request) {
    Catalogue catalogue =
        parse(RequestBody.read(body, "catalogue", WireLimits.CATALOGUE_BYTES_MAX));
    AuditTrail.target(request, "catalogue " + catalogue.contentHash());
    boolean there = catalogues.contains(catalogue.contentHash());
    StoredCatalogue stored =
        new StoredCatalogue(catalogues.put(catalogue).toHex(), catalogue.size());
    return RestResponse.status(
        there ? RestResponse.Status.OK : RestResponse.Status.CREATED, stored);
  }

  private static Catalogue parse(byte[] bytes) {
    try {
      return Catalogue.fromBytes(bytes);
    } catch (IllegalArgumentException e) {
      throw ProblemException.unprocessable(String.valueOf(e.getMessage()));
    }
  }

  @GET
  @RolesAllowed(Roles.VIEWER)
  @Path("/{hash}")
  @Produces(MediaType.TEXT_PLAIN + ";charset=UTF-8")
  @Operation(summary = "Download a catalogue")
  @APIResponse(responseCode = "200", description = "The catalogue")
  @APIResponse(responseCode = "404", description = "No catalogue of this hash")
  public byte[] get(@PathParam("hash") String hex) {
    ContentHash hash = Parameters.hash(hex, "catalogue");
    return catalogues
        .find(hash)
        .map(Catalogue::toBytes)
        .orElseThrow(
            () ->
                ProblemException.notFound(
                    "catalogue " + hex, "upload it with PUT /api/v1/catalogues"));
  }
}
