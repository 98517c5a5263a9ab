/**
 * Recommendations and their explanations, on the device and offline. Doors: {@link
 * io.tacit.client.recommend.ModelStore}, which holds the model to recommend with and what the app
 * says of its items, and {@link io.tacit.client.recommend.Recommender}. Must not know rounds or the
 * network: bytes of models come in, items and reasons go out.
 */
@NullMarked
package io.tacit.client.recommend;

import org.jspecify.annotations.NullMarked;
