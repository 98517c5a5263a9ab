/**
 * What an update goes through before it may leave the device. Door: {@link
 * io.tacit.client.privacy.UpdateClipper}, the only way from a local update to one that can be
 * encoded. Must not know behaviour, features or the network.
 */
@Internal
@NullMarked
package io.tacit.client.privacy;

import io.tacit.protocol.Internal;
import org.jspecify.annotations.NullMarked;
