/**
 * Which devices may call: challenges, logins and call tokens. Doors: {@link
 * io.tacit.coordinator.service.access.Logins} gives tokens, {@link
 * io.tacit.coordinator.service.access.CallTokens} checks them. Knows certificates, and must not
 * know how calls travel.
 */
@NullMarked
package io.tacit.coordinator.service.access;

import org.jspecify.annotations.NullMarked;
