package io.tacit.client.training;

import io.tacit.client.model.UserVector;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.model.ParameterBlock;
import io.tacit.protocol.model.ParameterLayout;
import io.tacit.protocol.model.SplitMix64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One task made ready: the rows that it may change, and which examples come in which step. It runs
 * the epochs, watches over finite numbers and computes the difference to the start; the {@link
 * Learner} of an engine only takes steps. So two engines see exactly the same batches of the same
 * task. For one thread, and for one run.
 */
public final class LocalTraining {

  private final TrainingTask task;
  private final LocalRows local;
  private final LocalModel model;
  private final ExampleOrder order;

  private LocalTraining(TrainingTask task, LocalRows local, LocalModel model, ExampleOrder order) {
    this.task = task;
    this.local = local;
    this.model = model;
    this.order = order;
  }

  /**
   * Makes a task ready.
   *
   * @throws IllegalArgumentException if its examples do not fit its model
   */
  public static LocalTraining of(TrainingTask task) {
    ModelSpecification model = task.specification();
    if (model instanceof ModelSpecification.Tabular tabular) {
      return tabular(task, tabular);
    }
    if (model instanceof ModelSpecification.TwoTower twoTower) {
      return twoTower(task, twoTower);
    }
    return neuralCf(task, (ModelSpecification.NeuralCf) model);
  }

  /** What the training may change, and what it learns from. */
  public LocalModel model() {
    return model;
  }

  /** Which examples come in which order. */
  ExampleOrder order() {
    return order;
  }

  /**
   * Runs all epochs with a learner of the factory, and closes it.
   *
   * @throws TrainingDivergedException if a loss or parameter became NaN or infinite
   * @throws IllegalArgumentException if the factory refuses the model
   */
  public TrainingResult run(Learner.Factory factory) throws TrainingDivergedException {
    double meanLoss;
    try (Learner learner = factory.create(model)) {
      meanLoss = runEpochs(learner);
      learner.finish();
    }
    return new TrainingResult(
        local.delta(task.settings().epochs()), task.examples().size(), meanLoss, userVector());
  }

  /** The mean loss per example, before each step. */
  private double runEpochs(Learner learner) throws TrainingDivergedException {
    TrainingSettings settings = task.settings();
    double total = 0;
    long seen = 0;
    for (int epoch = 0; epoch < settings.epochs(); epoch++) {
      int[] examples = order.epoch(epoch);
      for (int from = 0; from < examples.length; from += model.stepExamplesMax()) {
        int to = Math.min(from + model.stepExamplesMax(), examples.length);
        float scale = settings.sumLoss() ? 1 : 1f / (to - from);
        double loss = learner.step(examples, from, to, scale);
        if (Double.isNaN(loss) || Double.isInfinite(loss)) {
          throw new TrainingDivergedException("the loss", epoch + 1);
        }
        total += loss;
      }
      seen += examples.length;
    }
    return total / seen;
  }

  private @Nullable UserVector userVector() throws TrainingDivergedException {
    if (!(model instanceof LocalModel.NeuralCf neuralCf)) {
      return null;
    }
    for (float element : neuralCf.user()) {
      if (!Float.isFinite(element)) {
        throw new TrainingDivergedException("the user vector", task.settings().epochs());
      }
    }
    return UserVector.copyOf(neuralCf.user());
  }

  private static LocalTraining tabular(TrainingTask task, ModelSpecification.Tabular model) {
    TabularExamples examples = require(task, TabularExamples.class);
    LocalRows local = LocalRows.all(task.start(), model.layout());
    ExampleOrder order = new ShuffledRows(examples.size(), new SplitMix64(task.seed()));
    return new LocalTraining(
        task,
        local,
        new LocalModel.Tabular(
            model, examples, local.values(), task.settings(), stepExamplesMax(task, order)),
        order);
  }

  private static LocalTraining twoTower(TrainingTask task, ModelSpecification.TwoTower model) {
    InteractionExamples examples = require(task, InteractionExamples.class);
    InteractionSchedule schedule =
        new InteractionSchedule(
            examples.items(), model.items(), task.settings(), new SplitMix64(task.seed()));
    LocalFeatures features = LocalFeatures.of(model, examples, schedule);
    LocalRows local =
        new LocalRows(
            task.start(), schedule.items() + schedule.positives() + features.rowsWithHistory());
    addItems(local, schedule, model.layout());
    for (int own = 0; own < schedule.positives(); own++) {
      local.addRow(
          model.layout().block(ModelSpecification.HISTORY_EMBEDDING), schedule.row(own), null);
    }
    FeatureSpan ofItems = features.addItemRows(local);
    FeatureSpan ofHistory = features.addHistoryRows(local);
    FeatureSpan ofUser = features.addUserRows(local);
    return new LocalTraining(
        task,
        local,
        new LocalModel.TwoTower(
            model,
            local.values(),
            schedule.items(),
            schedule.positives(),
            ofItems,
            ofHistory,
            ofUser,
            task.settings(),
            stepExamplesMax(task, schedule)),
        schedule);
  }

  private static LocalTraining neuralCf(TrainingTask task, ModelSpecification.NeuralCf model) {
    InteractionExamples examples = require(task, InteractionExamples.class);
    SplitMix64 random = new SplitMix64(task.seed());
    float[] user = userOf(task, model, random.nextLong());
    InteractionSchedule schedule =
        new InteractionSchedule(examples.items(), model.items(), task.settings(), random);
    LocalFeatures features = LocalFeatures.of(model, examples, schedule);
    List<ParameterBlock> tower = model.layout().blocksOf(ModelSpecification.TOWER);
    int towerRows = tower.stream().mapToInt(ParameterBlock::rows).sum();
    LocalRows local = new LocalRows(task.start(), schedule.items() + towerRows + features.rows());
    addItems(local, schedule, model.layout());
    tower.forEach(local::addBlock);
    FeatureSpan ofItems = features.addItemRows(local);
    FeatureSpan ofUser = features.addUserRows(local);
    return new LocalTraining(
        task,
        local,
        new LocalModel.NeuralCf(
            model,
            local.values(),
            schedule.items(),
            schedule.positives(),
            ofItems,
            ofUser,
            user,
            task.settings(),
            stepExamplesMax(task, schedule)),
        schedule);
  }

  private static int stepExamplesMax(TrainingTask task, ExampleOrder order) {
    int batchSize = task.settings().batchSize();
    return batchSize == 0 ? order.examples() : Math.min(batchSize, order.examples());
  }

  private static void addItems(
      LocalRows local, InteractionSchedule schedule, ParameterLayout layout) {
    ParameterBlock embedding = layout.block(ModelSpecification.ITEM_EMBEDDING);
    ParameterBlock bias =
        layout.hasBlock(ModelSpecification.ITEM_BIAS)
            ? layout.block(ModelSpecification.ITEM_BIAS)
            : null;
    for (int item = 0; item < schedule.items(); item++) {
      local.addRow(embedding, schedule.row(item), bias);
    }
  }

  private static float[] userOf(
      TrainingTask task, ModelSpecification.NeuralCf model, long seedOfNew) {
    UserVector known = task.userVector();
    if (known == null) {
      return UserVector.initial(model.dimension(), seedOfNew).toArray();
    }
    if (known.dimension() != model.dimension()) {
      throw new IllegalArgumentException(
          "user vector has "
              + known.dimension()
              + " elements but the model has dimension "
              + model.dimension()
              + "; drop the vector and train a new one");
    }
    return known.toArray();
  }

  private static <T extends ExampleSet> T require(TrainingTask task, Class<T> kind) {
    if (!kind.isInstance(task.examples())) {
      throw new IllegalArgumentException(
          "a "
              + task.specification().kind()
              + " model trains on "
              + kind.getSimpleName()
              + ", not on "
              + task.examples().getClass().getSimpleName());
    }
    return kind.cast(task.examples());
  }
}
