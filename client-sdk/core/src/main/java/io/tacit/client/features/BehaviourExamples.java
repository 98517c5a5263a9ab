package io.tacit.client.features;

import io.tacit.client.behaviour.BehaviourStore;
import io.tacit.client.training.ExampleOutcome;
import io.tacit.client.training.ExampleSource;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The examples that a device's behaviour store gives. Thread-safe. */
public final class BehaviourExamples implements ExampleSource {

  private final BehaviourStore store;

  /** Examples from this store. */
  public BehaviourExamples(BehaviourStore store) {
    this.store = store;
  }

  @Override
  public ExampleOutcome examples(TrainingPlan plan, @Nullable Catalogue catalogue)
      throws IOException {
    return FeatureEncoder.encode(store.events(), plan, catalogue);
  }
}
