package io.tacit.protocol.plan;

/**
 * What a sum says of one group of devices. With differential privacy all figures have noise: they
 * need not be whole, and may be below 0.
 *
 * @param group its name
 * @param devices that measured
 * @param first sum of their first metrics, see {@link MetricReport}
 * @param second sum of their second metrics
 * @param noiseVariance of the noise in each of the three; 0 without
 */
public record GroupMetrics(
    String group, double devices, double first, double second, double noiseVariance) {}
