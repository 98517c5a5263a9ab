/**
 * Who a device is. Door: {@link io.tacit.client.identity.DeviceIdentity}, an Ed25519 key pair that
 * is made once and kept in the device's storage. Must not know what is signed with it.
 */
@Internal
@NullMarked
package io.tacit.client.identity;

import io.tacit.protocol.Internal;
import org.jspecify.annotations.NullMarked;
