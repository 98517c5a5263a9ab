package io.tacit.coordinator.service.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tacit.coordinator.audit.AuditEntry;
import io.tacit.coordinator.audit.AuditLog;
import io.tacit.coordinator.audit.AuditVerification;
import io.tacit.coordinator.service.people.Roles;
import io.tacit.protocol.ContentHash;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What people did, and whether the log of it is whole. */
@Path("/api/v1/audit")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Roles.OWNER)
@Tag(name = "Audit", description = "What people did, in a log that shows when it was altered.")
class AuditResource {

  private final AuditLog audit;

  AuditResource(AuditLog audit) {
    this.audit = audit;
  }

  /**
   * A line of the log.
   *
   * @param number from 1, without gaps
   * @param at when
   * @param subject who
   * @param authentication how they proved it
   * @param remoteAddress from where
   * @param action what
   * @param target to what, empty if the action says it
   * @param outcome what came of it
   * @param hash of this line and all before it
   */
  @Schema(name = "AuditEntry")
  record AuditEntryView(
      long number,
      Instant at,
      String subject,
      String authentication,
      String remoteAddress,
      String action,
      String target,
      String outcome,
      String hash) {

    static AuditEntryView of(AuditEntry entry) {
      return new AuditEntryView(
          entry.number(),
          entry.at(),
          entry.event().subject(),
          entry.event().authentication(),
          entry.event().remoteAddress(),
          entry.event().action(),
          entry.event().target(),
          entry.event().outcome(),
          entry.hash().toHex());
    }
  }

  /**
   * What a check of the log found.
   *
   * @param intact whether every line is what and where it was
   * @param entries number of lines; missing if the chain is broken
   * @param head hash of the last line, to be kept elsewhere; missing if the chain is broken
   * @param brokenAt number of the line where the chain breaks; missing if it does not
   * @param reason what is wrong; missing if nothing is
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "AuditVerification")
  record AuditVerificationView(
      boolean intact,
      @Nullable Long entries,
      @Nullable String head,
      @Nullable Long brokenAt,
      @Nullable String reason) {

    static AuditVerificationView of(AuditVerification found) {
      if (found instanceof AuditVerification.Intact intact) {
        return new AuditVerificationView(true, intact.entries(), intact.head().toHex(), null, null);
      } else if (found instanceof AuditVerification.HeadMissing missing) {
        return new AuditVerificationView(
            false,
            missing.entries(),
            missing.head().toHex(),
            null,
            "no line has the hash that was kept: lines at the end were removed, or all were written"
                + " anew");
      }
      AuditVerification.Broken broken = (AuditVerification.Broken) found;
      return new AuditVerificationView(false, null, null, broken.number(), broken.reason());
    }
  }

  @GET
  @Operation(
      summary = "List the lines of the audit log, ascending",
      description = "To follow the log, ask again with the last number as after.")
  @APIResponse(responseCode = "200", description = "Lines with a number above after")
  @APIResponse(responseCode = "400", description = "limit is out of range")
  public List<AuditEntryView> list(
      @QueryParam("after") @DefaultValue("0") long after,
      @QueryParam("limit") @DefaultValue("1000") int limit) {
    return audit.list(after, Parameters.limit(limit, AuditLog.LIST_MAX)).stream()
        .map(AuditEntryView::of)
        .toList();
  }

  @GET
  @Path("/verification")
  @Operation(
      summary = "Check the whole audit log",
      description =
          "Computes every hash again. With head, a hash that was kept, it also finds that lines at"
              + " the end were removed.")
  @APIResponse(
      responseCode = "200",
      description = "What was found",
      content = @Content(schema = @Schema(implementation = AuditVerificationView.class)))
  @APIResponse(responseCode = "400", description = "head is no hash")
  public AuditVerificationView verify(@QueryParam("head") @Nullable String head) {
    return AuditVerificationView.of(audit.verify(head == null ? null : hash(head)));
  }

  private static ContentHash hash(String head) {
    try {
      return ContentHash.fromHex(head);
    } catch (IllegalArgumentException e) {
      throw ProblemException.parameter(
          "head", head, "64 hex digits", "give the head that an earlier verification answered");
    }
  }
}
