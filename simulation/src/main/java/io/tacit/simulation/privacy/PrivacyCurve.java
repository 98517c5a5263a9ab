package io.tacit.simulation.privacy;

import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.protocol.plan.PrivacySettings;
import io.tacit.protocol.plan.PrivacySettings.Mechanism;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.privacy.Horizon;
import io.tacit.protocol.privacy.PrivacyCost;
import io.tacit.simulation.baselines.ItemPopularity;
import io.tacit.simulation.data.InteractionDataSet;
import io.tacit.simulation.evaluation.Estimate;
import io.tacit.simulation.evaluation.HeldOut;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.evaluation.NegativeSampling;
import io.tacit.simulation.evaluation.RankingResult;
import io.tacit.simulation.evaluation.RankingTask;
import io.tacit.simulation.inprocess.InProcessRounds;
import io.tacit.simulation.models.DeviceTraining;
import io.tacit.simulation.models.ModelScorer;
import io.tacit.simulation.models.ScenarioPlan;
import io.tacit.simulation.models.TrainingRecipe;
import io.tacit.simulation.population.ScratchDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The same training at several epsilons, through client and coordinator. Each device takes part as
 * often as the others, and no model is chosen: the last one counts, because a choice by what
 * devices held back would have to be paid for.
 *
 * <p>Updates travel in the clear, which costs less: noise and sums are those of the shards that the
 * settings describe, and so are the epsilons. For one thread.
 */
public final class PrivacyCurve {

  private final InteractionDataSet data;
  private final TrainingRecipe recipe;
  private final PrivacyCurveSettings settings;
  private final @Nullable PointStore finished;

  /**
   * A curve over a data set.
   *
   * @param state where finished trainings are kept and found again; null to keep none
   * @throws IllegalArgumentException if there are too few devices for the rounds
   */
  public PrivacyCurve(
      InteractionDataSet data,
      TrainingRecipe recipe,
      PrivacyCurveSettings settings,
      @Nullable Path state) {
    this.data = data;
    this.recipe = recipe;
    this.settings = settings;
    this.finished = state == null ? null : new PointStore(state, data, settings.itemsMin());
    int devices = trained(settings.seeds().get(0)).userCount();
    long seats = (long) recipe.rounds() * recipe.cohortOf(devices);
    if (seats > (long) devices * settings.participationsMax()) {
      throw new IllegalArgumentException(
          "--rounds is "
              + recipe.rounds()
              + ", must be at most "
              + (long) devices * settings.participationsMax() / recipe.cohortOf(devices)
              + " for "
              + devices
              + " devices that take part "
              + settings.participationsMax()
              + " times in rounds of "
              + recipe.cohortOf(devices)
              + "; lower it or --cohort, or raise --participations");
    }
  }

  /** Hears how it goes. */
  public interface Listener {

    /** A training has begun. */
    void started(double epsilon, @Nullable Mechanism mechanism, long seed);

    /** So many of its rounds are done. */
    void round(int done, int of);

    /** A training is finished. */
    void finished(PrivacyPoint point);
  }

  /**
   * How the curve begins.
   *
   * @param devices that are trained on
   * @param tested of them
   * @param popularity HR@10 of the most popular items, on the first seed
   */
  public record Base(int devices, int tested, Estimate popularity) {}

  /** What every point is compared with. */
  public Base base() {
    long seed = settings.seeds().get(0);
    HonestSplit trained = trained(seed);
    HonestSplit tested = HonestSplit.of(data, seed);
    return new Base(
        trained.userCount(),
        tested.userCount(),
        RankingTask.sampled(tested, HeldOut.TEST).evaluate(ItemPopularity.of(trained)).hitRate());
  }

  /** Trains all points, those without noise once for each seed. */
  public List<PrivacyPoint> run(Listener listener) throws IOException, InterruptedException {
    List<PrivacyPoint> points = new ArrayList<>();
    for (long seed : settings.seeds()) {
      for (double epsilon : settings.epsilons()) {
        for (Mechanism mechanism : settings.mechanisms()) {
          boolean hasNoise = !Double.isInfinite(epsilon);
          if (hasNoise || mechanism == settings.mechanisms().get(0)) {
            PrivacyPoint point = train(epsilon, hasNoise ? mechanism : null, seed, listener);
            points.add(point);
            listener.finished(point);
          }
        }
      }
    }
    return points;
  }

  private HonestSplit trained(long seed) {
    HonestSplit tested = HonestSplit.of(data, seed);
    return settings.itemsMin() == HonestSplit.ITEMS_PER_USER_MIN
        ? tested
        : tested.withShorterHistories(settings.itemsMin());
  }

  private PrivacyPoint train(
      double epsilon, @Nullable Mechanism mechanism, long seed, Listener listener)
      throws IOException, InterruptedException {
    listener.started(epsilon, mechanism, seed);
    HonestSplit trained = trained(seed);
    ScenarioPlan scenario = ScenarioPlan.of(data, recipe, trained.userCount(), seed);
    TrainingPlan plan =
        withShards(scenario.plan(), AggregationSettings.Mode.PLAIN)
            .withPrivacy(
                mechanism == null
                    ? PrivacySettings.NONE
                    : noise(epsilon, mechanism, trained.userCount(), scenario.plan()));
    PointStore.Measured measured =
        measured(new ScenarioPlan(plan, scenario.catalogue()), trained, seed, listener);
    return new PrivacyPoint(
        epsilon,
        mechanism,
        seed,
        plan.noise().map(noise -> noise.noiseMultiplier()).orElse(0.0),
        cost(plan).orElse(null),
        measured.hitRate(),
        measured.ndcg(),
        measured.seconds());
  }

  /** Found again, or trained and kept. */
  private PointStore.Measured measured(
      ScenarioPlan scenario, HonestSplit trained, long seed, Listener listener)
      throws IOException, InterruptedException {
    Optional<PointStore.Measured> before =
        finished == null ? Optional.empty() : finished.find(scenario.plan(), seed);
    if (before.isPresent()) {
      return before.get();
    }
    long start = System.nanoTime();
    HonestSplit tested = HonestSplit.of(data, seed);
    RankingResult result =
        RankingTask.sampled(tested, HeldOut.TEST)
            .evaluate(lastModel(scenario, trained, tested, seed, listener));
    PointStore.Measured measured =
        new PointStore.Measured(result.hitRate(), result.ndcg(), (System.nanoTime() - start) / 1e9);
    if (finished != null) {
      finished.keep(scenario.plan(), seed, measured);
    }
    return measured;
  }

  private ModelScorer lastModel(
      ScenarioPlan scenario, HonestSplit trained, HonestSplit tested, long seed, Listener listener)
      throws IOException, InterruptedException {
    int rounds = scenario.plan().rounds();
    IntConsumer progress = done -> listener.round(done, rounds);
    try (ScratchDirectory scratch = ScratchDirectory.create("tacit-privacy-");
        InProcessRounds inProcess =
            InProcessRounds.start(
                scenario.plan(),
                scenario.catalogue(),
                trained,
                DeviceTraining.of(trained, NegativeSampling.HONEST).engine(),
                seed,
                scratch.path())) {
      for (int round = 1; round <= rounds; round++) {
        inProcess.runRound();
        progress.accept(round);
      }
      return ModelScorer.of(
          scenario.plan(), inProcess.model(), tested, ModelScorer.PrivateVectors.NONE);
    }
  }

  private PrivacySettings.Noise noise(
      double epsilon, Mechanism mechanism, long users, TrainingPlan plan) {
    double multiplier = horizon(plan).noiseMultiplierFor(epsilon, settings.delta(), users);
    return new PrivacySettings.Noise(
        mechanism,
        multiplier,
        settings.delta(),
        users,
        settings.participationsMax(),
        settings.shards().count(plan.cohort().size()),
        settings.dishonest(),
        PrivacySettings.Budget.UNLIMITED);
  }

  private Horizon horizon(TrainingPlan plan) {
    return Horizon.capped(
        Math.max(plan.rounds(), settings.participationsMax()), settings.participationsMax());
  }

  /** What the same plan costs when updates are masked, as those of apps are. */
  private Optional<PrivacyCost> cost(TrainingPlan plan) {
    return withShards(plan, AggregationSettings.Mode.SECURE).privacyCost();
  }

  private TrainingPlan withShards(TrainingPlan plan, AggregationSettings.Mode mode) {
    return plan.withAggregation(
        new AggregationSettings(
            mode,
            true,
            AggregationSettings.Weighting.UNIFORM,
            plan.aggregation().weightExamplesMax(),
            settings.shards()));
  }
}
