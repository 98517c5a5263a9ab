package io.tacit.coordinator.service.wiring;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who certifies devices, and which, under {@code tacit.enrolment.}; docs/reference/settings.md
 * explains each.
 */
@ConfigMapping(prefix = "tacit.enrolment")
interface EnrolmentConfiguration {

  /** Root certificate, PEM, of an authority elsewhere; if absent, it runs here. */
  Optional<Path> root();

  /** Where the list of revocations of an authority elsewhere is brought, DER. */
  Optional<Path> revocations();

  /** Where root and books are; if absent, within the data directory. */
  Optional<Path> directory();

  /** Populations that devices may join. */
  @WithDefault("default")
  Set<String> populations();

  /** Keys of backends whose tokens are taken beside the coordinator's own, 64 hex digits each. */
  Optional<List<String>> tokenKeys();
}
