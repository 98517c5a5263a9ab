/**
 * What has left the device, for the person whose device it is. Doors: {@link
 * io.tacit.client.ledger.PrivacyLedger}, which keeps it, and {@link io.tacit.client.ledger.Ledger},
 * which apps see. An entry is on disk before the update that it tells of is on its way. Must not
 * know behaviour or the network.
 */
@NullMarked
package io.tacit.client.ledger;

import org.jspecify.annotations.NullMarked;
