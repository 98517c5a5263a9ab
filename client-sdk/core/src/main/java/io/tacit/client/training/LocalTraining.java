package io.tacit.client.training;

import io.tacit.client.model.DenseNetwork;
import io.tacit.client.model.UserVector;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.model.ParameterBlock;
import io.tacit.protocol.model.ParameterLayout;
import io.tacit.protocol.model.SplitMix64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One task made ready: the rows it may change, and the model that learns on them. */
final class LocalTraining {

  private final TrainingTask task;
  private final LocalRows local;
  private final float @Nullable [] user;
  private final Learner learner;

  private LocalTraining(
      TrainingTask task, LocalRows local, float @Nullable [] user, Learner learner) {
    this.task = task;
    this.local = local;
    this.user = user;
    this.learner = learner;
  }

  /**
   * Makes a task ready.
   *
   * @param shared makes the optimiser of the model's parameters
   * @param ofUser makes the optimiser of the private user vector, for models that have one
   */
  static LocalTraining of(TrainingTask task, Optimiser.Factory shared, Optimiser.Factory ofUser) {
    ModelSpecification model = task.specification();
    if (model instanceof ModelSpecification.Tabular) {
      return tabular(task, (ModelSpecification.Tabular) model, shared);
    }
    if (model instanceof ModelSpecification.TwoTower) {
      return twoTower(task, (ModelSpecification.TwoTower) model, shared);
    }
    return neuralCf(task, (ModelSpecification.NeuralCf) model, shared, ofUser);
  }

  Learner learner() {
    return learner;
  }

  /** The rows that training changes, not a copy. */
  float[][] rows() {
    return local.values();
  }

  /** The private user vector that training changes, not a copy; null if the model has none. */
  float @Nullable [] user() {
    return user;
  }

  /** Runs all epochs; once only. */
  TrainingResult run() throws TrainingDivergedException {
    int epochs = task.settings().epochs();
    double meanLoss = Learner.run(learner, task.settings());
    return new TrainingResult(
        local.delta(epochs),
        task.examples().size(),
        meanLoss,
        user == null ? null : finite(user, epochs));
  }

  private static UserVector finite(float[] user, int epoch) throws TrainingDivergedException {
    for (float element : user) {
      if (!Float.isFinite(element)) {
        throw new TrainingDivergedException("the user vector", epoch);
      }
    }
    return UserVector.copyOf(user);
  }

  private static LocalTraining tabular(
      TrainingTask task, ModelSpecification.Tabular model, Optimiser.Factory shared) {
    TabularExamples examples = require(task, TabularExamples.class);
    TrainingSettings settings = task.settings();
    LocalRows local = LocalRows.all(task.start(), model.layout());
    Learner learner =
        new TabularLearner(
            model,
            examples,
            local.values(),
            shared.create(settings, local.values(), settings.proximal()),
            Learner.stepSize(settings, examples.size()),
            new SplitMix64(task.seed()));
    return new LocalTraining(task, local, null, learner);
  }

  private static LocalTraining twoTower(
      TrainingTask task, ModelSpecification.TwoTower model, Optimiser.Factory shared) {
    TrainingSettings settings = task.settings();
    int[] own = require(task, InteractionExamples.class).items();
    InteractionSchedule schedule =
        new InteractionSchedule(own, model.items(), settings, new SplitMix64(task.seed()));
    ParameterLayout layout = model.layout();
    LocalRows local = new LocalRows(task.start(), schedule.items() + own.length);
    addItems(local, schedule, layout);
    ParameterBlock history = layout.block(ModelSpecification.HISTORY_EMBEDDING);
    for (int item : own) {
      local.addRow(history, item, null);
    }
    Learner learner =
        new TwoTowerLearner(
            schedule,
            local.values(),
            model.dimension(),
            model.itemBias(),
            shared.create(settings, local.values(), settings.proximal()));
    return new LocalTraining(task, local, null, learner);
  }

  private static LocalTraining neuralCf(
      TrainingTask task,
      ModelSpecification.NeuralCf model,
      Optimiser.Factory shared,
      Optimiser.Factory ofUser) {
    TrainingSettings settings = task.settings();
    int[] own = require(task, InteractionExamples.class).items();
    SplitMix64 random = new SplitMix64(task.seed());
    float[] user = userOf(task, model, random.nextLong());
    InteractionSchedule schedule = new InteractionSchedule(own, model.items(), settings, random);
    LocalRows local = rowsOf(task, model, schedule);
    Optimiser optimiser = shared.create(settings, local.values(), settings.proximal());
    Learner learner =
        new NeuralCfLearner(
            schedule,
            new ItemRows(
                local.values(), schedule.items(), model.dimension(), model.itemBias(), optimiser),
            user,
            ofUser.create(settings, new float[][] {user}, 0),
            towerOf(model, local, schedule, settings, optimiser));
    return new LocalTraining(task, local, user, learner);
  }

  private static LocalRows rowsOf(
      TrainingTask task, ModelSpecification.NeuralCf model, InteractionSchedule schedule) {
    ParameterLayout layout = model.layout();
    List<ParameterBlock> tower = layout.blocksOf(ModelSpecification.TOWER);
    int towerRows = 0;
    for (ParameterBlock block : tower) {
      towerRows += block.rows();
    }
    LocalRows local = new LocalRows(task.start(), schedule.items() + towerRows);
    addItems(local, schedule, layout);
    for (ParameterBlock block : tower) {
      local.addBlock(block);
    }
    return local;
  }

  private static @Nullable Tower towerOf(
      ModelSpecification.NeuralCf model,
      LocalRows local,
      InteractionSchedule schedule,
      TrainingSettings settings,
      Optimiser optimiser) {
    if (model.tower().isEmpty()) {
      return null;
    }
    DenseNetwork network =
        new DenseNetwork(
            model.dimension(), model.towerWithLogit(), local.values(), schedule.items());
    return new Tower(network, Learner.stepSize(settings, schedule.examples()), optimiser);
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
