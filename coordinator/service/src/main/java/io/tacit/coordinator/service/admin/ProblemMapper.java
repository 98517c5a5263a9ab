package io.tacit.coordinator.service.admin;

import io.quarkus.oidc.OIDCException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.smallrye.mutiny.Uni;
import io.tacit.coordinator.database.DatabaseUnavailableException;
import io.tacit.coordinator.models.ArtifactStorageException;
import io.tacit.coordinator.models.CorruptArtifactException;
import io.tacit.coordinator.models.MissingArtifactException;
import io.tacit.coordinator.plans.PlanFileException;
import io.tacit.coordinator.service.people.Person;
import io.tacit.coordinator.service.people.Roles;
import io.tacit.enrolment.EnrolmentDatabaseException;
import io.tacit.protocol.plan.InvalidPlanException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.HttpHeaders;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/**
 * Makes the answer to a request that failed. What no method here knows is a bug, and a bare 500.
 */
class ProblemMapper {

  private static final Logger LOG = Logger.getLogger(ProblemMapper.class);

  private static final String INVALID_PLAN = "Invalid plan";

  private final CurrentIdentityAssociation identity;

  ProblemMapper(CurrentIdentityAssociation identity) {
    this.identity = identity;
  }

  @ServerExceptionMapper
  RestResponse<Problem> problem(ProblemException e) {
    return answer(e.problem());
  }

  @ServerExceptionMapper
  RestResponse<Problem> invalidPlan(InvalidPlanException e) {
    return answer(Problem.of(422, INVALID_PLAN, message(e)).at(e));
  }

  @ServerExceptionMapper
  RestResponse<Problem> invalidPlanFile(PlanFileException e) {
    Problem problem = Problem.of(422, INVALID_PLAN, message(e)).at(e.line(), e.column());
    InvalidPlanException fault = e.fault();
    return answer(fault == null ? problem : problem.at(fault));
  }

  @ServerExceptionMapper({
    DatabaseUnavailableException.class,
    ArtifactStorageException.class,
    EnrolmentDatabaseException.class
  })
  RestResponse<Problem> unavailable(RuntimeException e) {
    LOG.error("storage failed", e);
    return answer(Problem.of(503, "Storage is not available", message(e)));
  }

  @ServerExceptionMapper({CorruptArtifactException.class, MissingArtifactException.class})
  RestResponse<Problem> damaged(RuntimeException e) {
    LOG.error("storage is damaged", e);
    return answer(Problem.of(500, "Storage is damaged", message(e)));
  }

  /** What JAX-RS itself refuses: an unknown path, method, media type or a malformed parameter. */
  @ServerExceptionMapper
  RestResponse<Problem> refusedByJaxRs(WebApplicationException e) {
    int status = e.getResponse().getStatus();
    String title = e.getResponse().getStatusInfo().getReasonPhrase();
    return answer(
        Problem.of(status, title, message(e) + "; /api/v1/openapi describes every request"));
  }

  /** No token, or one that is not accepted; which of its faults it has is not told. */
  @ServerExceptionMapper({UnauthorizedException.class, AuthenticationFailedException.class})
  RestResponse<Problem> unauthorized(SecurityException e) {
    String detail =
        e instanceof UnauthorizedException
            ? "this needs a token and the request has none"
            : "the token is not accepted: it is not the admin token, or it expired, or it is not"
                + " from the issuer that this coordinator trusts or not for this coordinator";
    return RestResponse.ResponseBuilder.<Problem>create(401)
        .entity(
            Problem.of(401, "Unauthorized", detail)
                .with(
                    "send the header Authorization: Bearer TOKEN; the tacit command reads the token"
                        + " from --token-file or TACIT_TOKEN"))
        .type(Problem.MEDIA_TYPE)
        .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
        .build();
  }

  /** Whoever it is, nobody can say so now. */
  @ServerExceptionMapper
  RestResponse<Problem> issuerAway(OIDCException e) {
    LOG.warnf("the issuer of tokens can not be asked: %s", e.getMessage());
    return answer(
        Problem.of(
                503,
                "Issuer is not available",
                "the issuer that vouches for people does not answer, so the token can not be"
                    + " checked")
            .with("try again; if it lasts, see to tacit.people.issuer and the way to it"));
  }

  /** Somebody who may not. */
  @ServerExceptionMapper
  Uni<RestResponse<Problem>> forbidden(
      ForbiddenException e, @Nullable ResourceInfo operation, ContainerRequestContext request) {
    return identity
        .getDeferredIdentity()
        .map(Person::of)
        .map(
            person ->
                answer(
                    Problem.of(
                            403,
                            "Forbidden",
                            person.subject()
                                + " has "
                                + person.role()
                                + ", but "
                                + request.getMethod()
                                + " "
                                + request.getUriInfo().getPath()
                                + " needs "
                                + Roles.neededFor(operation))
                        .with("ask an owner of this coordinator for a higher role")));
  }

  private static RestResponse<Problem> answer(Problem problem) {
    return RestResponse.ResponseBuilder.<Problem>create(problem.status())
        .entity(problem)
        .type(Problem.MEDIA_TYPE)
        .build();
  }

  private static String message(Exception e) {
    return String.valueOf(e.getMessage());
  }
}
