/**
 * Puts the coordinator into Quarkus: configuration in, beans out, start and stop. The only package
 * of the service that knows how the parts fit.
 */
@NullMarked
package io.tacit.coordinator.service.wiring;

import org.jspecify.annotations.NullMarked;
