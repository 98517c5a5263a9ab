package io.tacit.coordinator.release;

import io.tacit.protocol.plan.Release;
import java.time.Instant;

/**
 * A release that was taken.
 *
 * @param release as its owner signed it
 * @param releasedAt when, to the millisecond
 */
public record ReleasedModel(Release release, Instant releasedAt) {}
