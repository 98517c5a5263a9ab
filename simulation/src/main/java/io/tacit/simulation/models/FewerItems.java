package io.tacit.simulation.models;

import io.tacit.client.training.InteractionExamples;
import io.tacit.client.training.ParameterDelta;
import io.tacit.client.training.TrainingResult;
import io.tacit.client.training.TrainingTask;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.model.ParameterBlock;
import java.util.Arrays;
import java.util.List;

/**
 * A training in which some items do not exist: the task without their rows, and its result with the
 * rows put back unchanged. So any engine trains without ever drawing these items as negatives.
 */
final class FewerItems {

  private final TrainingTask task;
  private final int[] missing; // sorted
  private final ModelSpecification smaller;

  private FewerItems(TrainingTask task, int[] missing) {
    this.task = task;
    this.missing = missing;
    this.smaller = smaller(task.specification(), missing.length);
  }

  /**
   * Takes items out of a task.
   *
   * @param missing distinct rows, none of which is among the task's examples
   */
  static FewerItems of(TrainingTask task, int... missing) {
    int[] sorted = missing.clone();
    Arrays.sort(sorted);
    return new FewerItems(task, sorted);
  }

  private static ModelSpecification smaller(ModelSpecification model, int fewer) {
    if (model instanceof ModelSpecification.TwoTower tower) {
      return new ModelSpecification.TwoTower(
          tower.items() - fewer,
          tower.dimension(),
          tower.itemBias(),
          tower.itemFeatures(),
          tower.userFeatures(),
          tower.initialSeed());
    }
    if (model instanceof ModelSpecification.NeuralCf cf) {
      return new ModelSpecification.NeuralCf(
          cf.items() - fewer,
          cf.dimension(),
          cf.itemBias(),
          cf.tower(),
          cf.itemFeatures(),
          cf.userFeatures(),
          cf.initialSeed());
    }
    throw new IllegalArgumentException("a " + model.kind() + " model has no items to leave out");
  }

  /** The task that an engine is to do. */
  TrainingTask task() {
    InteractionExamples examples = (InteractionExamples) task.examples();
    float[] all = task.start().toArray();
    float[] fewer = new float[smaller.layout().size()];
    copyRows((whole, less) -> fewer[less] = all[whole]);
    return new TrainingTask(
        smaller,
        ModelParameters.owning(fewer),
        InteractionExamples.of(rowsOf(examples.items()))
            .withFeatures(row -> examples.itemFeatures().of(itemOf(row)), examples.userFeatures()),
        task.settings(),
        task.seed(),
        task.userVector());
  }

  /** What the engine's result means for the whole catalogue. */
  TrainingResult whole(TrainingResult result) {
    float[] fewer = result.delta().toArray();
    float[] all = new float[task.start().size()];
    copyRows((whole, less) -> all[whole] = fewer[less]);
    return new TrainingResult(
        ParameterDelta.dense(all), result.examples(), result.meanLoss(), result.userVector());
  }

  private int[] rowsOf(int[] items) {
    return Arrays.stream(items).map(item -> item - below(item)).toArray();
  }

  /** The item that stands in a row. */
  private int itemOf(int row) {
    int item = row;
    for (int gone : missing) {
      item += gone <= item ? 1 : 0;
    }
    return item;
  }

  /** How many missing items come before one that is not missing. */
  private int below(int item) {
    int place = Arrays.binarySearch(missing, item);
    if (place >= 0) {
      throw new IllegalArgumentException(
          "item " + item + " is trained on and can not be left out of the same training");
    }
    return -place - 1;
  }

  private interface Copy {
    void element(int whole, int less);
  }

  private void copyRows(Copy copy) {
    List<ParameterBlock> wholeBlocks = task.specification().layout().blocks();
    List<ParameterBlock> lessBlocks = smaller.layout().blocks();
    for (int b = 0; b < wholeBlocks.size(); b++) {
      ParameterBlock whole = wholeBlocks.get(b);
      ParameterBlock less = lessBlocks.get(b);
      boolean perItem = whole.rows() != less.rows();
      int to = less.offset();
      for (int row = 0; row < whole.rows(); row++) {
        if (perItem && Arrays.binarySearch(missing, row) >= 0) {
          continue;
        }
        for (int column = 0; column < whole.columns(); column++) {
          copy.element(whole.rowOffset(row) + column, to++);
        }
      }
    }
  }
}
