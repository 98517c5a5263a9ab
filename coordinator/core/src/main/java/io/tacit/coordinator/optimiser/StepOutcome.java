package io.tacit.coordinator.optimiser;

import io.tacit.protocol.model.ModelParameters;

/** What became of a server step. */
public sealed interface StepOutcome {

  /**
   * The next model.
   *
   * @param parameters of the next version
   * @param state to be stored with it
   */
  record Step(ModelParameters parameters, OptimiserState state) implements StepOutcome {}

  /**
   * The step would have left the range of float32. There is no next model; the present one stays.
   *
   * @param index the first parameter that would have become NaN or infinite
   * @param update the mean update at this index
   */
  record NotFinite(int index, float update) implements StepOutcome {

    /** One sentence for logs and for the round's reason. */
    public String reason() {
      return "parameter "
          + index
          + " would not be finite after the server step (mean update "
          + update
          + "); lower server-optimiser.learning-rate or client.clip-norm";
    }
  }
}
