package io.tacit.client.recommend;

import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.behaviour.BehaviourStore;
import io.tacit.client.features.FeatureEncoder;
import io.tacit.client.features.InputOutcome;
import io.tacit.protocol.Internal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Predicts from the attributes of events that have not happened yet. Works offline; nothing leaves
 * the device and nothing of the candidates is stored.
 *
 * <p>Guarantee: every answer comes from one model version, which it names, by the same mapping from
 * events to numbers that trained it. Thread-safe.
 */
@Internal
public final class Predictor {

  private final ModelStore models;
  private final BehaviourStore behaviour;

  /**
   * @param models holds the model to predict with
   * @param behaviour of the person, which candidates are seen against
   */
  public Predictor(ModelStore models, BehaviourStore behaviour) {
    this.models = models;
    this.behaviour = behaviour;
  }

  /**
   * Asks the model about candidates, each as if it came right after the person's events.
   *
   * @return predictions, or why there are none
   * @throws IOException if the device's storage fails
   */
  public Predictions predict(List<BehaviourEvent> candidates) throws IOException {
    InstalledModel current = models.current().orElse(null);
    if (current == null) {
      return Predictions.refused(null, ModelStore.NO_MODEL);
    }
    if (!(current instanceof AttributeModel model)) {
      return Predictions.refused(
          current.modelHash(),
          "plan "
              + current.plan().id()
              + " is over items, must be over attributes to predict; recommend with its model, or"
              + " name another plan");
    }
    if (candidates.size() > Predictions.CANDIDATES_MAX) {
      return Predictions.refused(
          model.modelHash(),
          "there are "
              + candidates.size()
              + " candidates, must be at most "
              + Predictions.CANDIDATES_MAX
              + "; ask in parts");
    }
    InputOutcome outcome = FeatureEncoder.inputs(behaviour.events(), candidates, model.plan());
    if (outcome instanceof InputOutcome.Unfit unfit) {
      return Predictions.refused(model.modelHash(), unfit.detail());
    }
    float[][] rows = ((InputOutcome.Inputs) outcome).rows();
    List<Prediction> predictions = new ArrayList<>(rows.length);
    for (int i = 0; i < rows.length; i++) {
      predictions.add(new Prediction(candidates.get(i), model.predictor().predict(rows[i])));
    }
    return Predictions.of(predictions, model.modelHash());
  }
}
