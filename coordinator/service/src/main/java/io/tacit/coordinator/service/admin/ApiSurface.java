package io.tacit.coordinator.service.admin;

import java.util.List;

/**
 * What of the REST API this process has.
 *
 * @param prefixes how the paths begin that are there
 */
public record ApiSurface(List<String> prefixes) {

  private static final String API = "/api/v1/";

  public ApiSurface {
    prefixes = List.copyOf(prefixes);
  }

  /** All of it. */
  public static ApiSurface whole() {
    return new ApiSurface(List.of("/"));
  }

  /** What an authority of devices has: tokens, revocations, and what people did. */
  public static ApiSurface ofAuthority() {
    return new ApiSurface(List.of(API + "enrolment/", API + "audit"));
  }

  boolean has(String path) {
    return prefixes.stream().anyMatch(path::startsWith);
  }
}
