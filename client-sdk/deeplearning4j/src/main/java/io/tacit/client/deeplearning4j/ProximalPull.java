package io.tacit.client.deeplearning4j;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The gradient of FedProx's term {@code mu / 2 * |w - start|^2} (Li et al. 2020, equation 2), which
 * Deeplearning4j has no regulariser for.
 */
final class ProximalPull implements AutoCloseable {

  private final ComputationGraph graph;
  private final double mu;

  /** Copies of the parameters that are pulled at, by the network's names. */
  private final Map<String, INDArray> start = new LinkedHashMap<>();

  private ProximalPull(ComputationGraph graph, double mu) {
    this.graph = graph;
    this.mu = mu;
  }

  /**
   * A pull towards where the parameters are now.
   *
   * @param parameters names of those that are pulled at
   * @param mu 0 for no pull
   */
  static ProximalPull to(ComputationGraph graph, List<String> parameters, double mu) {
    ProximalPull pull = new ProximalPull(graph, mu);
    if (mu > 0) {
      for (String parameter : parameters) {
        pull.start.put(parameter, graph.getParam(parameter).dup());
      }
    }
    return pull;
  }

  /** Adds the pull to a step's gradients. */
  void addTo(Gradient gradient) {
    start.forEach(
        (parameter, from) -> {
          try (INDArray distance = graph.getParam(parameter).sub(from)) {
            gradient.getGradientFor(parameter).addi(distance.muli(mu));
          }
        });
  }

  @Override
  public void close() {
    start.values().forEach(INDArray::close);
  }
}
