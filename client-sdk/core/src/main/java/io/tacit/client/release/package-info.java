/**
 * How a model gets from the coordinator to the device, with or without rounds. Door: {@link
 * io.tacit.client.release.ModelDownload}, which hands what it fetched to {@link
 * io.tacit.client.recommend.ModelStore}. Must not know rounds, behaviour or features: what a person
 * does has no part in which model they get.
 */
@Internal
@NullMarked
package io.tacit.client.release;

import io.tacit.protocol.Internal;
import org.jspecify.annotations.NullMarked;
