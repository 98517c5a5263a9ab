/**
 * Local training on the device: {@link io.tacit.client.training.TrainingEngine} is the door, {@link
 * io.tacit.client.training.PortableEngine} the implementation in plain Java that a phone can run.
 * Takes examples and parameters, returns the difference that training made. Knows nothing of where
 * examples come from, of rounds, or of what happens to the difference.
 */
@Internal
@NullMarked
package io.tacit.client.training;

import io.tacit.protocol.Internal;
import org.jspecify.annotations.NullMarked;
