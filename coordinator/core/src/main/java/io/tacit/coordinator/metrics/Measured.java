package io.tacit.coordinator.metrics;

import org.jspecify.annotations.Nullable;

/**
 * What is shown of one group of devices and one model version, by one source.
 *
 * @param version of the model that was measured
 * @param group of devices, a name
 * @param round whose sum it is; 0 for what operators reported
 * @param first of the first metric; null if the group is too small to be shown
 * @param second of the second metric; null if the group is too small, or operators reported
 * @param noiseVariance of the noise in each sum; 0 without
 */
public record Measured(
    int version,
    String group,
    long round,
    @Nullable MetricSums first,
    @Nullable MetricSums second,
    double noiseVariance) {

  /** Whether the group is too small to be shown. */
  public boolean isSuppressed() {
    return first == null;
  }
}
