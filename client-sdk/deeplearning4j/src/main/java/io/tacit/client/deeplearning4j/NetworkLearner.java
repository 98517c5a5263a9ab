package io.tacit.client.deeplearning4j;

import io.tacit.client.training.Learner;
import io.tacit.client.training.LocalModel;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A network while it learns. Forward pass, loss, gradients and updater are Deeplearning4j's; a step
 * calls them one by one, instead of {@code fit}, to scale the gradient by the step's own scale and
 * to add the pull towards the start.
 */
final class NetworkLearner implements Learner {

  private final ComputationGraph graph;
  private final ParameterRows rows;
  private final StepArrays.Source steps;
  private final boolean meanScore;

  /** Views of the network's memory, {@code [1][d]}. */
  private final INDArray parameters;

  private final INDArray gradients;

  private final ProximalPull pull;
  private int stepsTaken;

  private NetworkLearner(Network network, double proximal) {
    this.graph = new ComputationGraph(network.configuration());
    this.rows = network.parameters();
    this.steps = network.steps();
    this.meanScore = network.meanScore();
    graph.init();
    graph.initGradientsView();
    rows.copyTo(graph);
    this.parameters = graph.params();
    this.gradients = graph.getFlattenedGradients().reshape(parameters.shape());
    this.pull = ProximalPull.to(graph, rows.shared(), proximal);
  }

  /** A learner that starts from the model's rows. */
  static NetworkLearner of(LocalModel model) {
    return new NetworkLearner(Network.of(model), model.settings().proximal());
  }

  @Override
  public double step(int[] examples, int from, int to, float scale) {
    try (StepArrays arrays = steps.of(examples, from, to)) {
      graph.setInputs(arrays.inputs());
      graph.setLabels(arrays.labels());
      graph.computeGradientAndScore();
      gradients.muli(scale);
      Gradient gradient = graph.gradient();
      pull.addTo(gradient);
      graph
          .getUpdater()
          .update(gradient, stepsTaken++, 0, to - from, LayerWorkspaceMgr.noWorkspaces());
      parameters.subi(gradients);
      return meanScore ? graph.score() * (to - from) : graph.score();
    }
  }

  @Override
  public void finish() {
    rows.copyFrom(graph);
  }

  // Not ComputationGraph.close(): it also runs the garbage collector, twice.
  @Override
  public void close() {
    pull.close();
    INDArray updaterState = graph.getUpdater().getStateViewArray();
    if (updaterState != null) {
      updaterState.close();
    }
    graph.getFlattenedGradients().close();
    parameters.close();
  }
}
