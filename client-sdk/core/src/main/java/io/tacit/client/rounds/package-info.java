/**
 * One round as a device lives it. Door: {@link io.tacit.client.rounds.RoundParticipant}, the mirror
 * of the coordinator's conductor: it alone moves the device's {@link
 * io.tacit.client.rounds.Participation} forward. Owns the policy of the app, pacing and the order
 * of steps. Must not know behaviour or features; it sees them as an update only.
 */
@Internal
@NullMarked
package io.tacit.client.rounds;

import io.tacit.protocol.Internal;
import org.jspecify.annotations.NullMarked;
