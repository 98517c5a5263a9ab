package io.tacit.cli.admin;

import io.tacit.protocol.model.ModelParameters;

/**
 * How far two models of one shape are apart.
 *
 * @param different parameters that are not equal
 * @param distance L2 norm of the difference
 * @param largest absolute value of the largest difference of one parameter
 * @param cosine of the angle between them; 1 if they are equal, 0 if just one is all zero
 */
record ParameterDistance(int different, double distance, double largest, double cosine) {

  static ParameterDistance between(ModelParameters one, ModelParameters other) {
    float[] a = one.toArray();
    float[] b = other.toArray();
    int different = 0;
    double squares = 0;
    double largest = 0;
    double product = 0;
    double normA = 0;
    double normB = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = (double) b[i] - a[i];
      different += difference == 0 ? 0 : 1;
      squares += difference * difference;
      largest = Math.max(largest, Math.abs(difference));
      product += (double) a[i] * b[i];
      normA += (double) a[i] * a[i];
      normB += (double) b[i] * b[i];
    }
    double norms = Math.sqrt(normA) * Math.sqrt(normB);
    double cosine = different == 0 ? 1 : norms == 0 ? 0 : product / norms;
    return new ParameterDistance(different, Math.sqrt(squares), largest, cosine);
  }
}
