/**
 * Hashes and signatures of the protocol, and the only package that knows Bouncy Castle (beside the
 * certificate authority). Doors: {@link io.tacit.protocol.crypto.Transcript} for canonical hashing
 * and {@link io.tacit.protocol.crypto.IdentityKeyPair}, {@link
 * io.tacit.protocol.crypto.IdentityKey} for a device's signatures.
 */
@NullMarked
package io.tacit.protocol.crypto;

import org.jspecify.annotations.NullMarked;
