package io.tacit.client.deeplearning4j;

import io.tacit.client.training.LocalModel;
import io.tacit.client.training.TabularExamples;
import io.tacit.protocol.model.Loss;

/** Rows of features and labels; class indices become rows with a 1. */
final class TabularSteps implements StepArrays.Source {

  private final TabularExamples examples;
  private final int inputs;
  private final int outputs;
  private final boolean classes;

  TabularSteps(LocalModel.Tabular model) {
    this.examples = model.examples();
    this.inputs = model.specification().inputs();
    this.outputs = model.specification().outputs();
    this.classes = model.specification().loss() == Loss.CATEGORICAL_CROSS_ENTROPY;
  }

  @Override
  public StepArrays of(int[] order, int from, int to) {
    int size = to - from;
    float[] features = new float[size * inputs];
    float[] labels = new float[size * outputs];
    for (int b = 0; b < size; b++) {
      int example = order[from + b];
      System.arraycopy(examples.features(), example * inputs, features, b * inputs, inputs);
      if (classes) {
        labels[b * outputs + (int) examples.labels()[example]] = 1;
      } else {
        System.arraycopy(examples.labels(), example * outputs, labels, b * outputs, outputs);
      }
    }
    return new StepArrays(StepArrays.matrix(labels, size), StepArrays.matrix(features, size));
  }
}
