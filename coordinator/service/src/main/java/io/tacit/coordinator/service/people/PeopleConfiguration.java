package io.tacit.coordinator.service.people;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;
import java.util.Set;

/**
 * Who may use the REST API, under {@code tacit.people.}; docs/reference/settings.md explains each.
 */
@ConfigMapping(prefix = "tacit.people")
interface PeopleConfiguration {

  /** Address of the OpenID Connect issuer that vouches for people; without it the admin token. */
  Optional<String> issuer();

  /** Whom tokens of the issuer must be made for. */
  Optional<String> audience();

  /** Where a token says what its person is, a path with slashes. */
  @WithDefault("groups")
  String roleClaim();

  /** Values of the claim that make somebody a viewer. */
  @WithDefault("tacit-viewer")
  Set<String> viewers();

  /** Values of the claim that make somebody an operator. */
  @WithDefault("tacit-operator")
  Set<String> operators();

  /** Values of the claim that make somebody an owner. */
  @WithDefault("tacit-owner")
  Set<String> owners();

  /** SHA-256 of the admin token in hex, for who brings their own; else one is made. */
  Optional<String> adminTokenHash();

  /** Whether this start makes a new admin token, so that the one before is void. */
  @WithDefault("false")
  boolean newAdminToken();
}
