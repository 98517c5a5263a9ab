/**
 * {@code tacit chaos}: live devices against a coordinator that is killed again and again. Door:
 * {@link io.tacit.cli.chaos.ChaosCommand}. Must not know how a sum is judged.
 */
@NullMarked
package io.tacit.cli.chaos;

import org.jspecify.annotations.NullMarked;
