package io.tacit.client.deeplearning4j;

import io.tacit.client.training.TrainingEngine;
import io.tacit.client.training.TrainingEngineProvider;

/** Lets {@link io.tacit.client.training.TrainingEngines} find the engine on the class path. */
public final class Deeplearning4jProvider implements TrainingEngineProvider {

  @Override
  public String name() {
    return Deeplearning4jEngine.NAME;
  }

  @Override
  public TrainingEngine create() {
    return new Deeplearning4jEngine();
  }
}
