/**
 * How behaviour becomes numbers. Door: {@link io.tacit.client.features.FeatureEncoder}, a function
 * of events, plan and catalogue alone; {@link io.tacit.client.features.BehaviourExamples} puts a
 * store before it. Must not know the network: features are as private as what they come from.
 */
@NullMarked
package io.tacit.client.features;

import org.jspecify.annotations.NullMarked;
