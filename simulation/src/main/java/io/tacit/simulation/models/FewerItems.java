package io.tacit.simulation.models;

import io.tacit.client.training.InteractionExamples;
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

  private static final int[] NONE = {};

  private final TrainingTask task;
  private final int[] missing; // sorted
  private final ModelSpecification smaller;

  /** Blocks of the whole model, and of the smaller one in the same order. */
  private final List<ParameterBlock> wholeBlocks;

  private final List<ParameterBlock> lessBlocks;

  private FewerItems(TrainingTask task, int[] missing) {
    this.task = task;
    this.missing = missing;
    this.smaller = smaller(task.specification(), missing.length);
    // Kept: a layout is made anew whenever it is asked for, and each row is looked up.
    this.wholeBlocks = task.specification().layout().blocks();
    this.lessBlocks = smaller.layout().blocks();
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
          tower.recency(),
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
    return new TrainingTask(
        smaller,
        ModelParameters.owning(startWithout()),
        InteractionExamples.of(rowsOf(examples.items()))
            .withFeatures(row -> examples.itemFeatures().of(itemOf(row)), examples.userFeatures()),
        task.settings(),
        task.seed(),
        task.userVector());
  }

  /** What the engine's result means for the whole catalogue. */
  TrainingResult whole(TrainingResult result) {
    return new TrainingResult(
        result.delta().moved(task.start().size(), this::placeInWhole),
        result.examples(),
        result.meanLoss(),
        result.userVector());
  }

  /** Where an element of the smaller model is in the whole one. */
  private int placeInWhole(int element) {
    int block = lessBlocks.size() - 1;
    while (lessBlocks.get(block).offset() > element) {
      block--;
    }
    ParameterBlock less = lessBlocks.get(block);
    ParameterBlock whole = wholeBlocks.get(block);
    int within = element - less.offset();
    int row = within / less.columns();
    int wholeRow = isPerItem(block) ? itemOf(row) : row;
    return whole.rowOffset(wholeRow) + within % less.columns();
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

  /** The start without the missing rows, run by run: it is made for each device and round. */
  private float[] startWithout() {
    float[] fewer = new float[smaller.layout().size()];
    int to = 0;
    for (int block = 0; block < wholeBlocks.size(); block++) {
      ParameterBlock whole = wholeBlocks.get(block);
      int row = 0;
      for (int gone : isPerItem(block) ? missing : NONE) {
        to = copyRows(whole, row, gone, fewer, to);
        row = gone + 1;
      }
      to = copyRows(whole, row, whole.rows(), fewer, to);
    }
    return fewer;
  }

  private int copyRows(ParameterBlock whole, int from, int end, float[] fewer, int to) {
    int count = (end - from) * whole.columns();
    task.start().copyTo(whole.rowOffset(from), fewer, to, count);
    return to + count;
  }

  private boolean isPerItem(int block) {
    return wholeBlocks.get(block).rows() != lessBlocks.get(block).rows();
  }
}
