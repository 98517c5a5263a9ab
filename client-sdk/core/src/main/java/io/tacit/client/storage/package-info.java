/**
 * Small durable files of one device, encrypted or not. Doors: {@link
 * io.tacit.client.storage.DeviceStorage}, a directory whose files are replaced whole or not at all,
 * {@link io.tacit.client.storage.Vault}, which encrypts them and knows which there are, and {@link
 * io.tacit.client.storage.RoundLatch}, which remembers what may not happen twice and what each
 * participation cost, in one file. Must not know what other files mean.
 */
@Internal
@NullMarked
package io.tacit.client.storage;

import io.tacit.protocol.Internal;
import org.jspecify.annotations.NullMarked;
