/**
 * The words that device and coordinator share: identifiers, stages, versions and limits. The
 * packages below add what both must compute bit for bit alike: {@code model} (parameter layouts),
 * {@code plan} (what to train), {@code encoding} (fixed point), {@code crypto} (hashes and
 * signatures); {@code v1} is generated from the wire contract. Knows neither side.
 */
@NullMarked
package io.tacit.protocol;

import org.jspecify.annotations.NullMarked;
