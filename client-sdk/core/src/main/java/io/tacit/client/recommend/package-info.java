/**
 * Recommendations and their explanations, and predictions, on the device and offline. Doors: {@link
 * io.tacit.client.recommend.ModelStore}, which holds the model to ask and what the app says of its
 * items, {@link io.tacit.client.recommend.Recommender} and {@link
 * io.tacit.client.recommend.Predictor}. Must not know rounds or the network: bytes of models come
 * in, items, numbers and reasons go out.
 */
@NullMarked
package io.tacit.client.recommend;

import org.jspecify.annotations.NullMarked;
