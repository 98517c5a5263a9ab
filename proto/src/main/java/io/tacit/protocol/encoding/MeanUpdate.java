package io.tacit.protocol.encoding;

/**
 * What a sum of updates says: the weighted mean and what came with it.
 *
 * @param values {@code float[d]}, the mean update; owned by this record
 * @param clients how many updates are in it
 * @param weight sum of the clients' weights
 * @param examples sum of the clients' numbers of examples
 * @param meanLoss mean loss over the clients, weighted
 */
public record MeanUpdate(
    float[] values, int clients, double weight, long examples, double meanLoss) {

  @Override
  public String toString() {
    return "MeanUpdate[" + values.length + " values of " + clients + " clients]";
  }
}
