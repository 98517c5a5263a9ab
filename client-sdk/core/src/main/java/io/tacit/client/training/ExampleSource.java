package io.tacit.client.training;

import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Where a device's examples come from. It keeps what is behind them, the behaviour of a person, out
 * of sight of everything that talks to the network.
 */
@FunctionalInterface
public interface ExampleSource {

  /**
   * The examples of a plan.
   *
   * @param plan says which features
   * @param catalogue of the plan, null if it has none
   * @throws IOException if the device's storage fails
   */
  ExampleOutcome examples(TrainingPlan plan, @Nullable Catalogue catalogue) throws IOException;
}
