package io.tacit.client.training;

import io.tacit.client.model.DenseNetwork;

/** A dense network inside a larger model: its forward and backward pass over one step. */
final class Tower {

  private final DenseNetwork.Pass pass;
  private final DenseBackward backward;
  private final Optimiser optimiser;

  /**
   * @param stepSize most examples of one step
   * @param optimiser moves the network's rows
   */
  Tower(DenseNetwork network, int stepSize, Optimiser optimiser) {
    this.pass = network.newPass(stepSize);
    this.backward = new DenseBackward(network, pass, stepSize, true);
    this.optimiser = optimiser;
  }

  /** Where the step's examples go. */
  float[][] input() {
    return pass.input();
  }

  /** The sums of the last layer; the caller replaces them by the gradients for {@link #learn}. */
  float[][] forward(int examples) {
    return pass.runToSums(examples);
  }

  /** Moves the network and returns the gradients with respect to its input. */
  float[][] learn(float[][] deltas, int examples) {
    backward.run(deltas, examples, optimiser);
    return backward.inputDeltas();
  }
}
