package io.tacit.simulation.experiment;

import io.tacit.protocol.model.ModelParameters;
import io.tacit.simulation.baselines.ItemPopularity;
import io.tacit.simulation.baselines.NoCollaboration;
import io.tacit.simulation.data.DataSetException;
import io.tacit.simulation.data.DataSetSource;
import io.tacit.simulation.data.InteractionDataSet;
import io.tacit.simulation.data.SyntheticSettings;
import io.tacit.simulation.evaluation.HeldOut;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.evaluation.NegativeSampling;
import io.tacit.simulation.evaluation.RankingResult;
import io.tacit.simulation.evaluation.RankingTask;
import io.tacit.simulation.evaluation.Scorer;
import io.tacit.simulation.models.CentralTraining;
import io.tacit.simulation.models.ModelScorer;
import io.tacit.simulation.models.ScenarioPlan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One experiment: data, split and plan; judges models as they come. For one thread at a time. */
public final class Experiment {

  /** Passes over all data that central training takes at most. */
  private static final int CENTRAL_PASSES_MAX = 40;

  private final ExperimentSettings settings;
  private final HonestSplit split;
  private final ScenarioPlan scenario;
  private final RankingTask test;
  private final RankingTask validation;

  private double bestValidation = -1;
  private long bestRound;
  private @Nullable ModelParameters bestModel;
  private @Nullable ModelScorer bestScorer;

  private Experiment(ExperimentSettings settings, HonestSplit split, ScenarioPlan scenario) {
    this.settings = settings;
    this.split = split;
    this.scenario = scenario;
    this.test = RankingTask.sampled(split, HeldOut.TEST);
    this.validation = RankingTask.sampled(split, HeldOut.VALIDATION);
  }

  /**
   * Loads the data, splits it and makes the plan.
   *
   * @throws DataSetException if a file can not be used
   * @throws IllegalArgumentException if the data has too few users, or the cohort is above them
   */
  public static Experiment prepare(ExperimentSettings settings) throws DataSetException {
    InteractionDataSet data =
        settings
            .source()
            .load(settings.msWebFile(), SyntheticSettings.of(settings.devices(), settings.seed()));
    HonestSplit split = HonestSplit.of(data, settings.seed(), settings.devices());
    if (settings.cohort() > split.userCount()) {
      throw new IllegalArgumentException(
          "--cohort is "
              + settings.cohort()
              + ", must be at most "
              + split.userCount()
              + ", the users of this data with enough items; lower it");
    }
    ScenarioPlan.Choice choice =
        new ScenarioPlan.Choice(
            settings.rounds(),
            settings.cohort(),
            settings.overSelection(),
            settings.seed(),
            settings.mode());
    ScenarioPlan scenario =
        settings.source() instanceof DataSetSource.MovieLens || !settings.tower().isEmpty()
            ? ScenarioPlan.neuralCf(data, choice, settings.tower())
            : ScenarioPlan.twoTower(data, choice);
    return new Experiment(settings, split, scenario);
  }

  /** What was chosen. */
  public ExperimentSettings settings() {
    return settings;
  }

  /** Whose behaviour the devices have. */
  public HonestSplit split() {
    return split;
  }

  /** What is trained. */
  public ScenarioPlan scenario() {
    return scenario;
  }

  /**
   * How good a model is.
   *
   * @param hitRate HR@10 on the test items
   * @param validationHitRate HR@10 on the validation items
   */
  public record Judgement(double hitRate, double validationHitRate) {}

  /**
   * Judges the model of a round, and remembers the one that is best on validation. The vectors that
   * devices keep are read now.
   */
  public Judgement judge(
      long round, ModelParameters parameters, ModelScorer.PrivateVectors privateVectors) {
    ModelScorer scorer = ModelScorer.of(scenario.plan(), parameters, split, privateVectors);
    double onValidation = validation.evaluate(scorer).hitRate().mean();
    if (onValidation > bestValidation) {
      bestValidation = onValidation;
      bestRound = round;
      bestModel = parameters;
      bestScorer = scorer;
    }
    return new Judgement(test.evaluate(scorer).hitRate().mean(), onValidation);
  }

  /** The model that was best on validation. */
  public ModelParameters bestModel() {
    return judged(bestModel);
  }

  /** Sets the best model beside the controls; trains the central one, which takes a while. */
  public Comparison compare() {
    RankingResult popularity = test.evaluate(ItemPopularity.of(split));
    Scorer central =
        CentralTraining.train(scenario.plan(), split, settings.seed(), CENTRAL_PASSES_MAX);
    return new Comparison(
        List.of(
            row("federated (this run)", test.evaluate(judged(bestScorer)), popularity),
            row("item popularity", popularity, popularity),
            row(
                "no collaboration",
                test.evaluate(new NoCollaboration(split, NegativeSampling.HONEST, settings.seed())),
                popularity),
            row("same model, trained centrally", test.evaluate(central), popularity)),
        bestRound,
        split.rule());
  }

  private static Comparison.Row row(String name, RankingResult result, RankingResult popularity) {
    return new Comparison.Row(
        name, result.hitRate(), result.ndcg(), result.hitRateOver(popularity));
  }

  private static <T> T judged(@Nullable T best) {
    if (best == null) {
      throw new IllegalStateException("no model was judged; run at least one round");
    }
    return best;
  }
}
