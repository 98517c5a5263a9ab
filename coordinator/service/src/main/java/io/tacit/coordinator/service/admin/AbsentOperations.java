package io.tacit.coordinator.service.admin;

import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Refuses what this process does not have, before anything of it is made or asked for. */
class AbsentOperations {

  private final ApiSurface surface;

  AbsentOperations(ApiSurface surface) {
    this.surface = surface;
  }

  @ServerRequestFilter(preMatching = true)
  Optional<RestResponse<Problem>> refuse(ContainerRequestContext request) {
    String path = request.getUriInfo().getRequestUri().getPath();
    if (surface.has(path)) {
      return Optional.empty();
    }
    return Optional.of(
        RestResponse.ResponseBuilder.<Problem>create(RestResponse.Status.NOT_FOUND)
            .type(Problem.MEDIA_TYPE)
            .entity(
                Problem.of(
                    404,
                    "Not found",
                    "this process is an authority of devices and has nothing else; ask the"
                        + " coordinator"))
            .build());
  }
}
