package io.tacit.coordinator.service.wiring;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whom the embedded authority certifies, under {@code tacit.enrolment.}; docs/reference/settings.md
 * explains each.
 */
@ConfigMapping(prefix = "tacit.enrolment")
interface EnrolmentConfiguration {

  /** Populations that devices may join. */
  @WithDefault("default")
  Set<String> populations();

  /** Keys of backends whose tokens are taken beside the coordinator's own, 64 hex digits each. */
  Optional<List<String>> tokenKeys();
}
