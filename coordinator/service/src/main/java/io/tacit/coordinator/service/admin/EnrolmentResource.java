package io.tacit.coordinator.service.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tacit.coordinator.service.access.Revocations;
import io.tacit.coordinator.service.people.Roles;
import io.tacit.enrolment.BootstrapTokenMint;
import io.tacit.enrolment.EnrolmentAuthority;
import io.tacit.enrolment.EnrolmentSettings;
import io.tacit.enrolment.RevocationList;
import io.tacit.enrolment.RevocationOutcome;
import io.tacit.enrolment.RevocationReason;
import io.tacit.enrolment.RootCertificate;
import io.tacit.enrolment.SerialNumber;
import io.tacit.protocol.ContentHash;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The authority of devices; where it is elsewhere, what is known of it here. */
@Path("/api/v1/enrolment")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Enrolment", description = "Which devices have a certificate, and which no longer.")
class EnrolmentResource {

  /** RFC 5280, section 4.2.1.13. */
  private static final String LIST = "application/pkix-crl";

  private static final int LIFETIME_SECONDS_MAX =
      (int) EnrolmentSettings.TOKEN_LIFETIME_MAX.toSeconds();

  private final RootCertificate root;
  private final Optional<EnrolmentAuthority> authority;
  private final Optional<BootstrapTokenMint> mint;
  private final Revocations revocations;
  private final Clock clock;

  EnrolmentResource(
      RootCertificate root,
      Optional<EnrolmentAuthority> authority,
      Optional<BootstrapTokenMint> mint,
      Revocations revocations,
      Clock clock) {
    this.root = root;
    this.authority = authority;
    this.mint = mint;
    this.revocations = revocations;
    this.clock = clock;
  }

  /**
   * What apps pin.
   *
   * @param fingerprint SHA-256 of the certificate in DER
   * @param notAfter when the authority ends
   * @param certificate in PEM
   */
  @Schema(name = "EnrolmentRoot")
  record RootView(String fingerprint, Instant notAfter, String certificate) {}

  /**
   * For whom a token is to be.
   *
   * @param population that the device may join
   * @param lifetimeSeconds 1 to 600; 600 if missing
   * @param account 64 hex digits, an HMAC-SHA256 of the account; missing if accounts do not count
   */
  @Schema(name = "BootstrapTokenRequest")
  record TokenRequest(
      @Nullable String population, @Nullable Integer lifetimeSeconds, @Nullable String account) {}

  /**
   * A token, told once.
   *
   * @param token for one device
   * @param population that the device may join
   * @param expires when it is void
   */
  @Schema(name = "BootstrapToken")
  record TokenView(String token, String population, Instant expires) {}

  /**
   * What to revoke.
   *
   * @param serial of a certificate, 40 hex digits
   * @param reason UNSPECIFIED if missing
   */
  @Schema(name = "RevocationRequest")
  record RevocationRequest(@Nullable String serial, @Nullable RevocationReason reason) {}

  /**
   * The list of revocations.
   *
   * @param epoch its number, which rises with each revocation
   * @param certificates how many are on it
   * @param issued when it was signed
   * @param nextUpdate when there is a newer one
   * @param added how many a revocation has just added; missing otherwise
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "Revocations")
  record RevocationsView(
      long epoch, int certificates, Instant issued, Instant nextUpdate, @Nullable Integer added) {

    static RevocationsView of(RevocationList list, @Nullable Integer added) {
      return new RevocationsView(
          list.epoch(), list.size(), list.issuedAt(), list.nextUpdate(), added);
    }
  }

  @GET
  @Path("/root")
  @RolesAllowed(Roles.VIEWER)
  @Operation(summary = "Show the root certificate of the authority of devices")
  @APIResponse(
      responseCode = "200",
      description = "What apps pin",
      content = @Content(schema = @Schema(implementation = RootView.class)))
  public RootView root() {
    return new RootView(root.fingerprint().toHex(), root.notAfter(), root.toPem());
  }

  @POST
  @Path("/tokens")
  @RolesAllowed(Roles.OWNER)
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Make a bootstrap token for one device",
      description = "For trials: an app's backend makes its own. The token is told once.")
  @APIResponse(
      responseCode = "200",
      description = "The token",
      content = @Content(schema = @Schema(implementation = TokenView.class)))
  @APIResponse(responseCode = "422", description = "A field is missing or out of range")
  public TokenView mint(@Nullable TokenRequest wanted, @Context ContainerRequestContext request) {
    if (wanted == null || wanted.population() == null) {
      throw ProblemException.unprocessable("population is missing; name whom the device may join");
    }
    int seconds =
        wanted.lifetimeSeconds() == null ? LIFETIME_SECONDS_MAX : wanted.lifetimeSeconds();
    try {
      Instant expires = clock.instant().plusSeconds(seconds);
      String token =
          mint.orElseThrow(EnrolmentResource::isElsewhere)
              .mint(
                  wanted.population(),
                  Duration.ofSeconds(seconds),
                  Optional.ofNullable(wanted.account()));
      AuditTrail.target(request, "population " + wanted.population());
      return new TokenView(token, wanted.population(), expires);
    } catch (IllegalArgumentException e) {
      throw ProblemException.unprocessable(String.valueOf(e.getMessage()));
    }
  }

  @POST
  @Path("/revocations")
  @RolesAllowed(Roles.OPERATOR)
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Revoke the certificates of a device",
      description = "This one, those that it was renewed by or from, and those of the same key.")
  @APIResponse(
      responseCode = "200",
      description = "From now on the device is refused; added is 0 if it was before",
      content = @Content(schema = @Schema(implementation = RevocationsView.class)))
  @APIResponse(responseCode = "404", description = "The authority has no such certificate")
  public RevocationsView revoke(
      @Nullable RevocationRequest wanted, @Context ContainerRequestContext request) {
    String serial = wanted == null || wanted.serial() == null ? "" : wanted.serial();
    if (!SerialNumber.isSerialNumber(serial)) {
      throw ProblemException.unprocessable(
          "serial must be the 40 lower-case hex digits of a certificate's serial number");
    }
    AuditTrail.target(request, "certificate " + serial);
    RevocationReason reason =
        wanted == null || wanted.reason() == null ? RevocationReason.UNSPECIFIED : wanted.reason();
    RevocationOutcome outcome =
        authority
            .orElseThrow(EnrolmentResource::isElsewhere)
            .revoke(new SerialNumber(serial), reason);
    if (outcome instanceof RevocationOutcome.UnknownCertificate) {
      throw ProblemException.notFound(
          "certificate " + serial, "give the serial number of one that this authority issued");
    }
    revocations.refresh();
    int added = outcome instanceof RevocationOutcome.Revoked revoked ? revoked.certificates() : 0;
    return RevocationsView.of(revocations.get(), added);
  }

  @GET
  @Path("/revocations")
  @RolesAllowed(Roles.VIEWER)
  @Operation(summary = "Show which list of revocations is in force")
  @APIResponse(
      responseCode = "200",
      description = "The newest list",
      content = @Content(schema = @Schema(implementation = RevocationsView.class)))
  public RevocationsView revocations() {
    return RevocationsView.of(revocations.get(), null);
  }

  @GET
  @Path("/revocations/list")
  @Produces(LIST)
  @RolesAllowed(Roles.VIEWER)
  @Operation(
      summary = "Get the list of revocations",
      description = "For coordinators elsewhere that take this authority's certificates.")
  @APIResponse(
      responseCode = "200",
      description = "An X.509 CRL in DER, signed by the authority",
      content = @Content(mediaType = LIST))
  public RestResponse<byte[]> list() {
    byte[] der = revocations.get().toDer();
    return RestResponse.ResponseBuilder.ok(der)
        .header("ETag", '"' + ContentHash.of(der).toHex() + '"')
        .build();
  }

  private static ProblemException isElsewhere() {
    return ProblemException.notFound(
        "authority of devices", "it is elsewhere (tacit.enrolment.root); ask its operator");
  }
}
