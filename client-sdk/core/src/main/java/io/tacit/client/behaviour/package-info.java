/**
 * What a person did in the app. Doors: {@link io.tacit.client.behaviour.BehaviourEvent} and {@link
 * io.tacit.client.behaviour.BehaviourStore}, which keeps events on the device, bounded, until they
 * are forgotten; {@link io.tacit.client.behaviour.FileBehaviourStore} does so in append-only
 * segments, whose bytes {@code SegmentFormat} describes and {@code SegmentSeal} encrypts. This is
 * the most private data there is: the package must not know the network, has no wire form, and
 * prints no data.
 */
@NullMarked
package io.tacit.client.behaviour;

import org.jspecify.annotations.NullMarked;
