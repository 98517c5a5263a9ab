package io.tacit.simulation.quality;

import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.simulation.baselines.Ease;
import io.tacit.simulation.baselines.ItemPopularity;
import io.tacit.simulation.baselines.LastPositionTable;
import io.tacit.simulation.baselines.NoCollaboration;
import io.tacit.simulation.data.InteractionDataSet;
import io.tacit.simulation.evaluation.HeldOut;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.evaluation.RankingTask;
import io.tacit.simulation.evaluation.Scorer;
import io.tacit.simulation.models.CentralTraining;
import io.tacit.simulation.models.DeviceTraining;
import io.tacit.simulation.models.LocalOnly;
import io.tacit.simulation.models.ScenarioPlan;
import io.tacit.simulation.models.TrainingRecipe;
import io.tacit.simulation.quality.CellResult.CurvePoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * The protocol of one data set: each contender on each seed. What is finished is kept in a
 * directory, so that an evaluation that was killed goes on where it was. For one thread.
 */
public final class Evaluation {

  /** Passes over all data that central training takes at most. */
  private static final int CENTRAL_PASSES_MAX = 40;

  /** EASE inverts a matrix of items by items; with more items it is left out. */
  private static final int EASE_ITEMS_MAX = Ease.ITEMS_MAX;

  private final InteractionDataSet data;
  private final QualitySettings settings;
  private final TrainingRecipe recipe;
  private final RoundSource.Transport transport;
  private final CellStore store;

  private Evaluation(
      InteractionDataSet data,
      QualitySettings settings,
      TrainingRecipe recipe,
      RoundSource.Transport transport,
      CellStore store) {
    this.data = data;
    this.settings = settings;
    this.recipe = recipe;
    this.transport = transport;
    this.store = store;
  }

  /**
   * An evaluation in this process.
   *
   * @param state directory of finished cells; need not exist
   * @throws IllegalArgumentException if the data has too few users, or the cohort is above them
   */
  public static Evaluation of(
      InteractionDataSet data, QualitySettings settings, TrainingRecipe recipe, Path state) {
    return of(data, settings, recipe, InProcessTransport.PLAIN, state);
  }

  /**
   * An evaluation.
   *
   * @param transport what carries the rounds of the federated model; new devices and controls stay
   *     in this process
   * @param state directory of finished cells; need not exist
   * @throws IllegalArgumentException if the data has too few users, or the cohort is above them or
   *     too small to be masked
   */
  public static Evaluation of(
      InteractionDataSet data,
      QualitySettings settings,
      TrainingRecipe recipe,
      RoundSource.Transport transport,
      Path state) {
    HonestSplit split = HonestSplit.of(data, settings.seeds().get(0), settings.usersMax());
    if (recipe.cohortOf(split.userCount()) > split.userCount()) {
      throw new IllegalArgumentException(
          "--cohort is "
              + recipe.cohort()
              + ", must be at most "
              + split.userCount()
              + ", the users of this data with enough items; lower it");
    }
    Evaluation evaluation =
        new Evaluation(
            data,
            settings,
            recipe,
            transport,
            new CellStore(state, data, settings, recipe, transport.label()));
    evaluation.scenario(split, settings.seeds().get(0), transport.mode());
    return evaluation;
  }

  /** The contenders of this data, in the order of the report. */
  public List<Contender> contenders() {
    List<Contender> contenders = new ArrayList<>(List.of(Contender.values()));
    if (!data.timed()) {
      contenders.remove(Contender.LAST_POSITION);
    }
    if (data.items().size() > EASE_ITEMS_MAX) {
      contenders.remove(Contender.EASE);
    }
    return List.copyOf(contenders);
  }

  /** Does what an earlier run has not done, and says what came out. */
  public QualityReport run(EvaluationListener listener) throws IOException, InterruptedException {
    long start = System.nanoTime();
    List<SeedWork> seeds = new ArrayList<>();
    for (long seed : settings.seeds()) {
      seeds.add(restore(seed, listener));
    }
    Progress progress = new Progress(listener, seeds.stream().mapToLong(this::unitsMissing).sum());
    List<ColdStartResult> coldStarts = new ArrayList<>();
    for (SeedWork seed : seeds) {
      for (Contender contender : List.copyOf(seed.missing())) {
        CellResult cell = compute(seed, contender, progress);
        store.keep(cell);
        seed.done().add(cell);
        listener.finished(cell, false);
      }
      if (settings.coldStart()) {
        coldStarts.add(coldStart(seed, progress, listener));
      }
    }
    return QualityReport.of(
        data,
        settings,
        recipe,
        transport.label(),
        contenders(),
        seeds.stream().flatMap(seed -> seed.done().stream()).toList(),
        coldStarts,
        (System.nanoTime() - start) / 1e9);
  }

  /** One seed: what there is of it and what is not. */
  private record SeedWork(
      long seed,
      HonestSplit split,
      List<CellResult> done,
      List<Contender> missing,
      WorkUnits units) {}

  private long unitsMissing(SeedWork work) {
    long cells = work.missing().stream().mapToLong(work.units()::of).sum();
    return cells + (settings.coldStart() ? work.units().of(Contender.FEDERATED) : 0);
  }

  private SeedWork restore(long seed, EvaluationListener listener) throws IOException {
    HonestSplit split = HonestSplit.of(data, seed, settings.usersMax());
    WorkUnits units = new WorkUnits(split, recipe, settings.judgeEvery(), CENTRAL_PASSES_MAX);
    SeedWork work = new SeedWork(seed, split, new ArrayList<>(), new ArrayList<>(), units);
    for (Contender contender : contenders()) {
      Optional<CellResult> kept = store.find(contender, seed, split);
      if (kept.isPresent()) {
        work.done().add(kept.get());
        listener.finished(kept.get(), true);
      } else {
        work.missing().add(contender);
      }
    }
    return work;
  }

  private CellResult compute(SeedWork work, Contender contender, Progress progress)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    Trained trained = train(work, contender, progress);
    RankingTask validation = RankingTask.sampled(work.split(), HeldOut.VALIDATION);
    CellResult result =
        new CellResult(
            contender,
            work.seed(),
            RankingTask.sampled(work.split(), HeldOut.TEST).evaluate(trained.scorer()),
            RankingTask.full(work.split(), HeldOut.TEST).evaluate(trained.scorer()),
            validation.evaluate(trained.scorer()).hitRate().mean(),
            trained.chosen(),
            trained.curve(),
            (System.nanoTime() - start) / 1e9);
    progress.finish(work.units().of(contender));
    return result;
  }

  private ColdStartResult coldStart(SeedWork work, Progress progress, EvaluationListener listener)
      throws IOException, InterruptedException {
    ColdStart coldStart =
        new ColdStart(data, work.split(), recipe, settings.sampling(), work.seed());
    long units = work.units().of(Contender.FEDERATED);
    Optional<ColdStartResult> kept = store.findColdStart(work.seed(), coldStart.newcomers());
    if (kept.isPresent()) {
      progress.finish(units);
      listener.finished(kept.get(), true);
      return kept.get();
    }
    progress.start("cold start, seed " + work.seed());
    CellResult trained =
        work.done().stream()
            .filter(cell -> cell.contender() == Contender.FEDERATED)
            .findFirst()
            .orElseThrow();
    ColdStartResult result =
        coldStart.run(trained, settings.judgeEvery(), progress.parts(units, recipe.rounds()));
    store.keep(result);
    progress.finish(units);
    listener.finished(result, false);
    return result;
  }

  private record Trained(Scorer scorer, String chosen, List<CurvePoint> curve) {

    static Trained of(Scorer scorer) {
      return new Trained(scorer, "", List.of());
    }
  }

  private Trained train(SeedWork work, Contender contender, Progress progress)
      throws IOException, InterruptedException {
    HonestSplit split = work.split();
    long units = work.units().of(contender);
    progress.start(contender.title() + ", seed " + work.seed());
    return switch (contender) {
      case FEDERATED -> federated(work, progress.parts(units, recipe.rounds()));
      case CENTRAL -> central(work, progress.parts(units, CENTRAL_PASSES_MAX));
      case EASE -> ease(split);
      case POPULARITY -> Trained.of(ItemPopularity.of(split));
      case LAST_POSITION -> Trained.of(LastPositionTable.of(split));
      case LOCAL_ONLY ->
          Trained.of(new LocalOnly(scenario(work).plan(), split, settings.sampling(), work.seed()));
      case NO_COLLABORATION ->
          Trained.of(new NoCollaboration(split, settings.sampling(), work.seed()));
    };
  }

  private Trained federated(SeedWork work, IntConsumer rounds)
      throws IOException, InterruptedException {
    ScenarioPlan scenario = scenario(work.split(), work.seed(), transport.mode());
    FederatedRun.Best best =
        new FederatedRun(scenario, work.split(), training(work))
            .run(transport, work.seed(), settings.judgeEvery(), rounds);
    return new Trained(best.scorer(), "round " + best.round(), best.curve());
  }

  private Trained central(SeedWork work, IntConsumer passes) {
    CentralTraining.Best best =
        CentralTraining.trainBest(
            scenario(work).plan(),
            work.split(),
            training(work),
            work.seed(),
            CENTRAL_PASSES_MAX,
            passes);
    String chosen = String.format(Locale.ROOT, "learning rate %.4g", best.learningRate());
    return new Trained(best.scorer(), chosen, List.of());
  }

  private static Trained ease(HonestSplit split) {
    Ease ease = Ease.chosenOnValidation(split);
    String chosen = String.format(Locale.ROOT, "regulariser %.0f", ease.regulariser());
    return new Trained(ease, chosen, List.of());
  }

  private ScenarioPlan scenario(SeedWork work) {
    return scenario(work.split(), work.seed(), AggregationSettings.Mode.PLAIN);
  }

  private ScenarioPlan scenario(HonestSplit split, long seed, AggregationSettings.Mode mode) {
    return ScenarioPlan.of(data, recipe, split.userCount(), seed, mode);
  }

  private DeviceTraining training(SeedWork work) {
    return DeviceTraining.of(work.split(), settings.sampling());
  }
}
