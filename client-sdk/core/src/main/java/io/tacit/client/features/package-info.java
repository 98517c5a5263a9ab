/**
 * How behaviour becomes numbers. Door: {@link io.tacit.client.features.FeatureEncoder}, a function
 * of events, plan and catalogue alone; {@link io.tacit.client.features.BehaviourExamples} puts a
 * store before it. Must not know the network: features are as private as what they come from.
 */
@Internal
@NullMarked
package io.tacit.client.features;

import io.tacit.protocol.Internal;
import org.jspecify.annotations.NullMarked;
