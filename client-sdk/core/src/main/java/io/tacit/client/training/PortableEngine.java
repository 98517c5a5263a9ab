package io.tacit.client.training;

import io.tacit.client.model.DenseNetwork;
import io.tacit.client.model.UserVector;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.model.ParameterBlock;
import io.tacit.protocol.model.ParameterLayout;
import io.tacit.protocol.model.SplitMix64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The training engine in plain Java over float arrays, without native code: what a phone runs, and
 * what thousands of virtual devices run. Trains every model there is. Stateless, so one engine
 * serves all threads; steps allocate nothing. Of a model of items it copies only the rows that the
 * device's examples and negatives touch.
 */
public final class PortableEngine implements TrainingEngine {

  @Override
  public TrainingResult train(TrainingTask task) throws TrainingDivergedException {
    ModelSpecification model = task.specification();
    if (model instanceof ModelSpecification.Tabular) {
      return train(task, (ModelSpecification.Tabular) model);
    }
    if (model instanceof ModelSpecification.TwoTower) {
      return train(task, (ModelSpecification.TwoTower) model);
    }
    return train(task, (ModelSpecification.NeuralCf) model, false);
  }

  /**
   * Fits the private user vector to the model as it is now, which stays fixed. Vectors go stale
   * between a device's trainings, while other devices move the items: call this before scoring.
   *
   * @param task of a neural-cf model; its epochs say how long to fit
   * @throws TrainingDivergedException if a loss or the vector became NaN or infinite
   */
  public UserVector refit(TrainingTask task) throws TrainingDivergedException {
    if (!(task.specification() instanceof ModelSpecification.NeuralCf)) {
      throw new IllegalArgumentException(
          "a " + task.specification().kind() + " model has no private user vector to refit");
    }
    UserVector refitted =
        train(task, (ModelSpecification.NeuralCf) task.specification(), true).userVector();
    return Objects.requireNonNull(refitted, "neural-cf always has a user vector");
  }

  private static TrainingResult train(TrainingTask task, ModelSpecification.Tabular model)
      throws TrainingDivergedException {
    TabularExamples examples = require(task, TabularExamples.class);
    TrainingSettings settings = task.settings();
    LocalRows local = LocalRows.all(task.start(), model.layout());
    Learner learner =
        new TabularLearner(
            model,
            examples,
            local.values(),
            Optimiser.of(settings, local.values(), settings.proximal()),
            Learner.stepSize(settings, examples.size()),
            new SplitMix64(task.seed()));
    return run(learner, task, local, null);
  }

  private static TrainingResult train(TrainingTask task, ModelSpecification.TwoTower model)
      throws TrainingDivergedException {
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
            Optimiser.of(settings, local.values(), settings.proximal()));
    return run(learner, task, local, null);
  }

  private static TrainingResult train(
      TrainingTask task, ModelSpecification.NeuralCf model, boolean itemsFixed)
      throws TrainingDivergedException {
    TrainingSettings settings = task.settings();
    int[] own = require(task, InteractionExamples.class).items();
    SplitMix64 random = new SplitMix64(task.seed());
    float[] user = userOf(task, model, random.nextLong());
    InteractionSchedule schedule = new InteractionSchedule(own, model.items(), settings, random);
    LocalRows local = rowsOf(task, model, schedule);
    Optimiser optimiser =
        itemsFixed ? new FixedRows() : Optimiser.of(settings, local.values(), settings.proximal());
    Learner learner =
        new NeuralCfLearner(
            schedule,
            new ItemRows(
                local.values(), schedule.items(), model.dimension(), model.itemBias(), optimiser),
            user,
            Optimiser.of(settings, new float[][] {user}, 0),
            towerOf(model, local, schedule, settings, optimiser));
    return run(learner, task, local, user);
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

  private static TrainingResult run(
      Learner learner, TrainingTask task, LocalRows local, float @Nullable [] user)
      throws TrainingDivergedException {
    int epochs = task.settings().epochs();
    double meanLoss = Learner.run(learner, task.settings());
    if (user != null) {
      for (float element : user) {
        if (!Float.isFinite(element)) {
          throw new TrainingDivergedException("the user vector", epochs);
        }
      }
    }
    return new TrainingResult(
        local.delta(epochs),
        task.examples().size(),
        meanLoss,
        user == null ? null : UserVector.copyOf(user));
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
