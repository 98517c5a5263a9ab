/**
 * What the coordinator has let be learnt about devices, and where it stops. Doors: {@link
 * io.tacit.coordinator.privacy.PrivacyLedger} and its {@link
 * io.tacit.coordinator.privacy.PrivacyStanding}. Knows plans and the database; must not know rounds
 * or vectors.
 */
@NullMarked
package io.tacit.coordinator.privacy;

import org.jspecify.annotations.NullMarked;
