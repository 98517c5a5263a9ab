/**
 * The messages of a session, as values: built and checked alike on both sides. What a device signs
 * ({@link io.tacit.protocol.session.SignedAdvertisement}, {@link
 * io.tacit.protocol.session.SignedKeyShares}, {@link io.tacit.protocol.session.SurvivorSignature},
 * {@link io.tacit.protocol.session.SignedRevealedShares}) is signed once, and its bytes travel, are
 * stored and are hashed verbatim. What is published ({@link io.tacit.protocol.session.Roster},
 * {@link io.tacit.protocol.session.Inbox}, {@link io.tacit.protocol.session.Survivors}, {@link
 * io.tacit.protocol.session.SignatureSet}) and recorded ({@link
 * io.tacit.protocol.session.RoundRecord}) has the same bytes whenever it is built of the same. All
 * are read strictly: limits before contents, exact lengths, ascending order, nobody twice. Knows
 * nothing of transport, and shows no generated message.
 */
@NullMarked
package io.tacit.protocol.session;

import org.jspecify.annotations.NullMarked;
