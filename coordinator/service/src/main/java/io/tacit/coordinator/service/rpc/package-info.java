/**
 * The gRPC edge: turns wire messages into calls of the coordinator's doors, such as {@link
 * io.tacit.coordinator.rounds.Rounds}, and back, and checks everything before it goes in. The only
 * package of the coordinator that knows generated messages and gRPC. Decides nothing.
 */
@NullMarked
package io.tacit.coordinator.service.rpc;

import org.jspecify.annotations.NullMarked;
