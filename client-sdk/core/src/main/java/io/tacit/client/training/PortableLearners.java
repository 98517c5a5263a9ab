package io.tacit.client.training;

import io.tacit.client.model.DenseNetwork;
import io.tacit.protocol.model.ModelSpecification;

/**
 * Makes the learners of the portable engine. They change the rows of their model in place.
 *
 * @param shared makes the optimiser of the model's parameters
 * @param ofUser makes the optimiser of the private user vector, for models that have one
 */
record PortableLearners(Optimiser.Factory shared, Optimiser.Factory ofUser)
    implements Learner.Factory {

  /** Those that train. */
  static final PortableLearners TRAINING = new PortableLearners(Optimiser::of, Optimiser::of);

  @Override
  public Learner create(LocalModel model) {
    if (model instanceof LocalModel.Tabular tabular) {
      return new TabularLearner(tabular, optimiser(tabular.rows(), model.settings()));
    }
    if (model instanceof LocalModel.TwoTower twoTower) {
      return new TwoTowerLearner(twoTower, optimiser(twoTower.rows(), model.settings()));
    }
    return neuralCf((LocalModel.NeuralCf) model);
  }

  private Learner neuralCf(LocalModel.NeuralCf model) {
    ModelSpecification.NeuralCf specification = model.specification();
    Optimiser optimiser = optimiser(model.rows(), model.settings());
    Tower tower = null;
    if (!specification.tower().isEmpty()) {
      DenseNetwork network =
          new DenseNetwork(
              specification.dimension(),
              specification.towerWithLogit(),
              model.rows(),
              model.items());
      tower = new Tower(network, model.stepExamplesMax(), optimiser);
    }
    return new NeuralCfLearner(
        model, optimiser, ofUser.create(model.settings(), new float[][] {model.user()}, 0), tower);
  }

  private Optimiser optimiser(float[][] rows, TrainingSettings settings) {
    return shared.create(settings, rows, settings.proximal());
  }
}
