package io.tacit.simulation.quality;

import io.tacit.simulation.data.InteractionDataSet;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.evaluation.NegativeSampling;
import io.tacit.simulation.models.DeviceTraining;
import io.tacit.simulation.models.ScenarioPlan;
import io.tacit.simulation.models.TrainingRecipe;
import io.tacit.simulation.quality.CellResult.CurvePoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * How many rounds a server rule, or FedProx, takes to reach a hit rate, with all devices in each
 * round and with few. The server's rate is chosen on validation items, for each rule by itself.
 * What is finished is kept, so that a killed experiment goes on where it was. For one thread.
 */
public final class OptimiserExperiment {

  private final InteractionDataSet data;
  private final TrainingRecipe recipe;
  private final Terms terms;
  private final Path state;

  /**
   * What is asked for.
   *
   * @param seeds of split, start, cohorts and devices, at least one
   * @param usersMax at most so many users take part
   * @param cohorts devices in a round; {@link TrainingRecipe#EVERYBODY} for all
   * @param hitRate HR@10 to reach, above 0 and at most 1
   */
  public record Terms(List<Long> seeds, int usersMax, List<Integer> cohorts, double hitRate) {

    public Terms {
      seeds = List.copyOf(seeds);
      cohorts = List.copyOf(cohorts);
      if (!(hitRate > 0 && hitRate <= 1)) {
        throw new IllegalArgumentException(
            "--target is " + hitRate + ", must be above 0 and at most 1; 0.6 is usual on ML-100K");
      }
    }
  }

  /**
   * One comparison: a rule with the rate that was best on validation.
   *
   * @param cohort devices in a round; {@link TrainingRecipe#EVERYBODY} for all
   * @param group rule and local passes
   * @param serverRate that was chosen
   * @param validationRounds until validation items reached the hit rate, mean over seeds; empty if
   *     they did not on some seed
   * @param testRounds the same of test items, which chose nothing
   * @param bestHitRate the best HR@10 on test items of the rounds that were run, mean over seeds
   */
  public record Row(
      int cohort,
      String group,
      double serverRate,
      Optional<Double> validationRounds,
      Optional<Double> testRounds,
      double bestHitRate) {}

  /** Told how it goes. */
  public interface Listener {

    /**
     * A training is done, or was done before.
     *
     * @param what it was
     * @param done trainings that are done
     * @param total of them
     */
    void finished(String what, int done, int total);
  }

  /**
   * An experiment.
   *
   * @param recipe whose server rule, passes and cohort vary
   * @param state directory of finished trainings; need not exist
   * @throws IllegalArgumentException if a cohort is above the users
   */
  public OptimiserExperiment(
      InteractionDataSet data, TrainingRecipe recipe, Terms terms, Path state) {
    this.data = data;
    this.recipe = recipe;
    this.terms = terms;
    this.state = state;
    int users = split(terms.seeds().get(0)).userCount();
    for (int cohort : terms.cohorts()) {
      if (cohort > users) {
        throw new IllegalArgumentException(
            "--cohorts has " + cohort + ", must be at most the " + users + " users; lower it");
      }
    }
  }

  /** Does what an earlier run has not done, and compares. */
  public List<Row> run(Listener listener) throws IOException, InterruptedException {
    int total = terms.cohorts().size() * OptimiserArm.all().size() * terms.seeds().size();
    int done = 0;
    List<Row> rows = new ArrayList<>();
    for (int cohort : terms.cohorts()) {
      Map<String, List<Tried>> groups = new LinkedHashMap<>();
      for (OptimiserArm arm : OptimiserArm.all()) {
        List<List<CurvePoint>> curves = new ArrayList<>();
        for (long seed : terms.seeds()) {
          curves.add(curve(arm, cohort, seed));
          listener.finished(name(arm, cohort, seed), ++done, total);
        }
        groups.computeIfAbsent(arm.group(), group -> new ArrayList<>()).add(new Tried(arm, curves));
      }
      groups.forEach((group, tried) -> rows.add(row(cohort, group, tried)));
    }
    return rows;
  }

  private record Tried(OptimiserArm arm, List<List<CurvePoint>> curves) {}

  /** The rate with the fewest rounds on validation; if none arrives, the one that comes closest. */
  private Row row(int cohort, String group, List<Tried> all) {
    Tried best =
        all.stream()
            .min(
                Comparator.comparingDouble(
                        (Tried tried) ->
                            rounds(tried, CurvePoint::validationHitRate).orElse(Double.MAX_VALUE))
                    .thenComparingDouble(tried -> -highest(tried, CurvePoint::validationHitRate)))
            .orElseThrow();
    return new Row(
        cohort,
        group,
        best.arm().serverRate(),
        rounds(best, CurvePoint::validationHitRate),
        rounds(best, CurvePoint::testHitRate),
        highest(best, CurvePoint::testHitRate));
  }

  private Optional<Double> rounds(Tried tried, ToDoubleFunction<CurvePoint> hitRate) {
    double sum = 0;
    for (List<CurvePoint> curve : tried.curves()) {
      Optional<CurvePoint> first =
          curve.stream()
              .filter(point -> hitRate.applyAsDouble(point) >= terms.hitRate())
              .findFirst();
      if (first.isEmpty()) {
        return Optional.empty();
      }
      sum += first.get().round();
    }
    return Optional.of(sum / tried.curves().size());
  }

  private static double highest(Tried tried, ToDoubleFunction<CurvePoint> hitRate) {
    return tried.curves().stream()
        .mapToDouble(curve -> curve.stream().mapToDouble(hitRate).max().orElseThrow())
        .average()
        .orElseThrow();
  }

  private List<CurvePoint> curve(OptimiserArm arm, int cohort, long seed)
      throws IOException, InterruptedException {
    TrainingRecipe tried = arm.applyTo(recipe.withCohort(cohort));
    String name = name(arm, cohort, seed) + "-" + key(tried, seed) + ".curve";
    Optional<List<CurvePoint>> kept = SealedText.find(state.resolve(name)).map(CellFile::curve);
    if (kept.isPresent()) {
      return kept.get();
    }
    HonestSplit split = split(seed);
    ScenarioPlan scenario = ScenarioPlan.of(data, tried, split.userCount(), seed);
    List<CurvePoint> curve =
        new FederatedRun(scenario, split, DeviceTraining.of(split, NegativeSampling.HONEST))
            .run(InProcessTransport.PLAIN, seed, 1, round -> {}, new Arrival(terms.hitRate()))
            .curve();
    SealedText.keep(state.resolve(name), CellFile.curve(curve));
    return curve;
  }

  /** Whether validation and test items have both reached the hit rate, in whichever round. */
  private static final class Arrival implements Predicate<CurvePoint> {

    private final double hitRate;
    private boolean onValidation;
    private boolean onTest;

    Arrival(double hitRate) {
      this.hitRate = hitRate;
    }

    @Override
    public boolean test(CurvePoint point) {
      onValidation |= point.validationHitRate() >= hitRate;
      onTest |= point.testHitRate() >= hitRate;
      return onValidation && onTest;
    }
  }

  private static String name(OptimiserArm arm, int cohort, long seed) {
    String devices = cohort == TrainingRecipe.EVERYBODY ? "all" : Integer.toString(cohort);
    return "optimisers-" + devices + "-" + arm.label() + "-seed-" + seed;
  }

  private String key(TrainingRecipe tried, long seed) {
    return CellStore.hash(
            String.join(
                "\n",
                data.contentHash(),
                Integer.toString(terms.usersMax()),
                Double.toString(terms.hitRate()),
                Long.toString(seed),
                tried.describe()))
        .substring(0, CellStore.NAME_HASH_CHARACTERS);
  }

  private HonestSplit split(long seed) {
    return HonestSplit.of(data, seed, terms.usersMax());
  }
}
