package io.tacit.protocol.plan;

/**
 * What devices measure.
 *
 * @param validationShare share of its examples that a device holds back from training to report a
 *     validation loss, 0 to 0.5; 0 reports the training loss
 */
public record EvaluationSettings(double validationShare) {

  public EvaluationSettings {
    Fields.within("evaluation.validation-share", validationShare, 0, 0.5, "0.2 is usual");
  }
}
