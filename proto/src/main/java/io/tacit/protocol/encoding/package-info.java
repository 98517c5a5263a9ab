/**
 * How a float update becomes integers that add up exactly, and back. Door: {@link
 * io.tacit.protocol.encoding.FixedPointCodec}, the one owner of the number format in both
 * directions. Knows nothing of models, masks or the wire.
 */
@NullMarked
package io.tacit.protocol.encoding;

import org.jspecify.annotations.NullMarked;
