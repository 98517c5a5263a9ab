/**
 * What a trained model says about features and items, offline and on the device: {@link
 * io.tacit.client.model.TabularPredictor} for dense features, {@link
 * io.tacit.client.model.ItemScorer} for items of a catalogue. Owns the forward pass, which training
 * uses too. Knows nothing of how parameters came to be, of behaviour events or of rounds.
 */
@Internal
@NullMarked
package io.tacit.client.model;

import io.tacit.protocol.Internal;
import org.jspecify.annotations.NullMarked;
