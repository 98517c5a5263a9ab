/**
 * A device's side of secure aggregation (SA-1): what it may learn, sign and reveal, and when it
 * must leave. Door: {@link io.tacit.client.secagg.MaskingSession}, a state machine that does no
 * input or output and keeps its secrets in memory only; {@link io.tacit.client.secagg.MemberView}
 * is what it remembers to check the round's record with. Must not know behaviour, features, or the
 * network; it sees an update as lanes.
 */
@Internal
@NullMarked
package io.tacit.client.secagg;

import io.tacit.protocol.Internal;
import org.jspecify.annotations.NullMarked;
