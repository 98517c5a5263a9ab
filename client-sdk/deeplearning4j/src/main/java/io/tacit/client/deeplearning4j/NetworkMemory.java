package io.tacit.client.deeplearning4j;

import io.tacit.client.training.LocalModel;
import io.tacit.client.training.OptimiserKind;
import io.tacit.protocol.model.DenseLayer;
import java.util.List;

/** How much native memory a training will hold, estimated from above. */
final class NetworkMemory {

  /** Workspaces round up, and small buffers have their headers. */
  private static final long BASE_BYTES = 1L << 20;

  /** Sums, activations and deltas of a layer's units are alive at once. */
  private static final long COPIES_PER_UNIT = 4;

  private NetworkMemory() {}

  static long bytes(LocalModel model) {
    // Parameters, gradients and one temporary copy; with Adam two moments, with a pull the start.
    int copies =
        3
            + (model.settings().optimiser() == OptimiserKind.SGD ? 0 : 2)
            + (model.settings().proximal() > 0 ? 2 : 0);
    return BASE_BYTES
        + Float.BYTES
            * (copies * parameters(model)
                + COPIES_PER_UNIT * model.stepExamplesMax() * unitsPerExample(model));
  }

  private static long parameters(LocalModel model) {
    long total = 0;
    for (float[] row : rows(model)) {
      total += row.length;
    }
    return total;
  }

  private static float[][] rows(LocalModel model) {
    if (model instanceof LocalModel.Tabular tabular) {
      return tabular.rows();
    }
    return model instanceof LocalModel.TwoTower twoTower
        ? twoTower.rows()
        : ((LocalModel.NeuralCf) model).rows();
  }

  private static long unitsPerExample(LocalModel model) {
    if (model instanceof LocalModel.Tabular tabular) {
      return tabular.specification().inputs() + units(tabular.specification().layers());
    }
    if (model instanceof LocalModel.TwoTower twoTower) {
      return twoTower.positives() + 3L * twoTower.specification().dimension();
    }
    LocalModel.NeuralCf neuralCf = (LocalModel.NeuralCf) model;
    return 3L * neuralCf.specification().dimension()
        + units(neuralCf.specification().towerWithLogit());
  }

  private static long units(List<DenseLayer> layers) {
    return layers.stream().mapToLong(DenseLayer::units).sum();
  }
}
