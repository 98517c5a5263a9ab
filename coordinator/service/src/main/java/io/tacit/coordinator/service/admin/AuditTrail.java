package io.tacit.coordinator.service.admin;

import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.tacit.coordinator.audit.AuditEvent;
import io.tacit.coordinator.audit.AuditLog;
import io.tacit.coordinator.database.DatabaseException;
import io.tacit.coordinator.service.people.Person;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.MediaType;
import java.lang.annotation.Annotation;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jboss.resteasy.reactive.server.SimpleResourceInfo;

/**
 * Records what people do through the REST API, before they hear what came of it: each request that
 * may change something, and each that their role did not allow. Nothing that only reads, which
 * would bury the rest, and nobody who is not known, who could flood the log.
 */
class AuditTrail {

  private static final Logger LOG = Logger.getLogger(AuditTrail.class);

  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final String TARGET = AuditTrail.class.getName() + ".target";

  private final AuditLog audit;
  private final CurrentIdentityAssociation identity;

  AuditTrail(AuditLog audit, CurrentIdentityAssociation identity) {
    this.audit = audit;
    this.identity = identity;
  }

  /** What the request is about, beyond what its path says. */
  static void target(ContainerRequestContext request, String what) {
    request.setProperty(TARGET, what);
  }

  @ServerResponseFilter
  Uni<Void> record(
      SimpleResourceInfo operation,
      ContainerRequestContext request,
      ContainerResponseContext response,
      RoutingContext http) {
    int status = response.getStatus();
    boolean unmatched = operation == null || operation.getMethodName() == null;
    boolean reads = READING.contains(request.getMethod()) && status != FORBIDDEN;
    if (unmatched || reads || status == UNAUTHORIZED) {
      return Uni.createFrom().voidItem();
    }
    Object target = request.getProperty(TARGET);
    return identity
        .getDeferredIdentity()
        .map(Person::of)
        .map(
            person ->
                new AuditEvent(
                    person.subject(),
                    person.authentication(),
                    http.request().remoteAddress().hostAddress(),
                    request.getMethod() + " " + request.getUriInfo().getPath(),
                    target == null ? "" : target.toString(),
                    status + " " + response.getStatusInfo().getReasonPhrase()))
        // Writing waits for the disk, which the thread of a refused request must not.
        .emitOn(Infrastructure.getDefaultWorkerPool())
        .invoke(audit::append)
        .onFailure(DatabaseException.class)
        .invoke(failure -> answerUnrecorded(response, status, failure))
        .onFailure(DatabaseException.class)
        .recoverWithNull()
        .replaceWithVoid();
  }

  private static void answerUnrecorded(
      ContainerResponseContext response, int status, Throwable failure) {
    LOG.error("the audit log can not be written", failure);
    Problem problem =
        Problem.of(
            503,
            "Storage is not available",
            "the request ended with status "
                + status
                + ", but the audit log could not be written; see to the coordinator's storage, then"
                + " ask what became of it");
    response.setStatus(problem.status());
    response.setEntity(problem, new Annotation[0], MediaType.valueOf(Problem.MEDIA_TYPE));
  }
}
