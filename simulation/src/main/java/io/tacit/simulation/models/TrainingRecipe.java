package io.tacit.simulation.models;

import io.tacit.protocol.model.Recency;
import io.tacit.protocol.plan.ClientSettings;
import io.tacit.protocol.plan.ServerOptimiserSettings;
import io.tacit.simulation.baselines.OrderSignal;
import io.tacit.simulation.evaluation.HonestSplit;
import java.util.List;
import java.util.Locale;

/**
 * How a data set is trained on: everything of a plan that decides quality, before there is a plan.
 *
 * @param kind of model
 * @param dimension of embeddings, 1 to 512
 * @param tower units of the hidden layers of {@link Kind#NEURAL_CF}, rectified, at least one; empty
 *     for other kinds
 * @param attributes whether what the data says of items and users is learnt from, if it says
 *     anything
 * @param recency how much the latest items of a history count; {@link Kind#TWO_TOWER} only
 * @param rounds to run at most, 1 to 10 000
 * @param cohort devices in a round; {@link #EVERYBODY} takes all there are
 * @param client how a device trains
 * @param server what is done with the mean of the updates
 */
public record TrainingRecipe(
    Kind kind,
    int dimension,
    List<Integer> tower,
    boolean attributes,
    Recency recency,
    int rounds,
    int cohort,
    ClientSettings client,
    ServerOptimiserSettings server) {

  /** A cohort of all devices. */
  public static final int EVERYBODY = 0;

  /** Where the order of a history says something. */
  public static final Recency USUAL_RECENCY = new Recency(0.8, Recency.USUAL_HALF_LIFE);

  /** The usual tower: twice the usual dimension, then that. */
  private static final List<Integer> USUAL_TOWER = List.of(32, 16);

  /** From so many training items of a user on average on, histories count as long. */
  static final int LONG_HISTORY_MIN = 20;

  /** At most so many devices all take part in each round. */
  static final int SMALL_POPULATION_MAX = 1_000;

  private static final int DIMENSION_MAX = 512;
  private static final int TOWER_LAYERS_MAX = 8;
  private static final int ROUNDS_MAX = 10_000;

  /** The models that learn which items go together. */
  public enum Kind {
    /** The sum of a device's own history embeddings is its vector. */
    TWO_TOWER,
    /** Private user vectors that stay on the device. */
    MATRIX_FACTORISATION,
    /** The same, through a tower of layers. */
    NEURAL_CF;

    /** The name in options and reports, such as {@code two-tower}. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  public TrainingRecipe {
    tower = List.copyOf(tower);
    if (tower.isEmpty() == (kind == Kind.NEURAL_CF)) {
      throw new IllegalArgumentException(
          tower.isEmpty()
              ? "--tower is empty, must have at least 1 layer with --model neural-cf; without one,"
                  + " it is matrix-factorisation"
              : "--tower goes with --model neural-cf only; leave it out with " + kind.label());
    }
    if (kind != Kind.TWO_TOWER && !recency.isNone()) {
      throw new IllegalArgumentException(
          "--recency goes with --model two-tower only; leave it out with " + kind.label());
    }
    tower.forEach(units -> require("--tower", units, 1, DIMENSION_MAX));
    require("the number of layers of --tower", tower.size(), 0, TOWER_LAYERS_MAX);
    require("--dimension", dimension, 1, DIMENSION_MAX);
    require("--rounds", rounds, 1, ROUNDS_MAX);
    if (cohort < 0) {
      throw new IllegalArgumentException(
          "--cohort is " + cohort + ", must be at least 1, or all for everybody");
    }
  }

  /**
   * What to begin with on data of this shape; chosen by the length of histories and the number of
   * users, not by name, so that it is a start on data that nobody has tried. A two-tower model in
   * either case: on validation items it was ahead of matrix factorisation on short histories and on
   * long ones. The latest items count more where validation items say that order tells something,
   * which may take some seconds ({@link OrderSignal}).
   */
  public static TrainingRecipe usualFor(HonestSplit split) {
    return usual(Kind.TWO_TOWER, split);
  }

  /** The usual recipe of one kind of model. */
  public static TrainingRecipe usual(Kind kind, HonestSplit split) {
    return switch (kind) {
      case TWO_TOWER -> {
        Recency recency =
            split.data().timed() && OrderSignal.of(split, USUAL_RECENCY).isThere()
                ? USUAL_RECENCY
                : Recency.NONE;
        yield meanHistory(split) >= LONG_HISTORY_MIN
            ? longHistories(split.userCount(), recency)
            : shortHistories(split.userCount(), recency);
      }
      case MATRIX_FACTORISATION -> matrixFactorisation(split.userCount());
      case NEURAL_CF -> neuralCf(split.userCount());
    };
  }

  /** One step on the summed loss of all examples, and an adaptive server. */
  private static TrainingRecipe shortHistories(int users, Recency recency) {
    return new TrainingRecipe(
        Kind.TWO_TOWER,
        16,
        List.of(),
        true,
        recency,
        100,
        users <= 128 ? EVERYBODY : users <= SMALL_POPULATION_MAX ? 128 : 512,
        new ClientSettings(ClientSettings.Optimiser.SGD, 0.1, 1, 0, 4, 1.0, 2, 10_000, true, 0),
        fedAdam(0.1));
  }

  /**
   * More room for tastes, larger steps, and everybody where that is possible. Without attributes: a
   * long history says more of a person, and on validation they did not help.
   */
  private static TrainingRecipe longHistories(int users, Recency recency) {
    return new TrainingRecipe(
        Kind.TWO_TOWER,
        64,
        List.of(),
        false,
        recency,
        50,
        users <= SMALL_POPULATION_MAX ? EVERYBODY : 512,
        new ClientSettings(ClientSettings.Optimiser.SGD, 0.2, 1, 0, 4, 10, 2, 10_000, true, 0),
        fedAdam(0.1));
  }

  private static ServerOptimiserSettings fedAdam(double rate) {
    return new ServerOptimiserSettings(
        ServerOptimiserSettings.Kind.FED_ADAM, rate, 0.9, 0.99, 1e-3);
  }

  /** One pass of small steps, and a mean scaled up: a device touches few items of all. */
  private static TrainingRecipe matrixFactorisation(int users) {
    return new TrainingRecipe(
        Kind.MATRIX_FACTORISATION,
        16,
        List.of(),
        false,
        Recency.NONE,
        50,
        users <= SMALL_POPULATION_MAX ? EVERYBODY : 512,
        new ClientSettings(ClientSettings.Optimiser.SGD, 0.1, 1, 10, 4, 20, 2, 10_000, true, 0),
        new ServerOptimiserSettings(
            ServerOptimiserSettings.Kind.SCALED_MEAN, 18.9, 0.9, 0.99, 1e-3));
  }

  /** As two towers are trained, since every device moves all of the tower. */
  private static TrainingRecipe neuralCf(int users) {
    return new TrainingRecipe(
        Kind.NEURAL_CF,
        16,
        USUAL_TOWER,
        false,
        Recency.NONE,
        50,
        users <= SMALL_POPULATION_MAX ? EVERYBODY : 512,
        new ClientSettings(ClientSettings.Optimiser.SGD, 0.1, 1, 10, 4, 20, 2, 10_000, true, 0),
        fedAdam(0.05));
  }

  /** Devices of a round, of so many. */
  public int cohortOf(int users) {
    return cohort == EVERYBODY ? users : cohort;
  }

  /** The same recipe with another cohort. */
  public TrainingRecipe withCohort(int size) {
    return new TrainingRecipe(
        kind, dimension, tower, attributes, recency, rounds, size, client, server);
  }

  /** The same recipe with another number of rounds. */
  public TrainingRecipe withRounds(int number) {
    return new TrainingRecipe(
        kind, dimension, tower, attributes, recency, number, cohort, client, server);
  }

  /** For people, complete: two recipes with the same description train alike. */
  public String describe() {
    return String.format(
        Locale.ROOT,
        "%s of dimension %d%s; %d rounds of %s; client %s %s, %d epoch(s), batch %s, %d negatives,"
            + " %s loss, clip %s, FedProx %s; server %s %s (beta %s/%s, tau %s)",
        kind.label(),
        dimension,
        (tower.isEmpty() ? "" : ", tower " + tower)
            + (attributes ? "" : ", without attributes")
            + (recency.isNone()
                ? ""
                : ", recency "
                    + number(recency.share())
                    + " of half-life "
                    + number(recency.halfLife())),
        rounds,
        cohort == EVERYBODY ? "all devices" : cohort + " devices",
        client.optimiser().name().toLowerCase(Locale.ROOT).replace('_', '-'),
        number(client.learningRate()),
        client.epochs(),
        client.batchSize() == 0 ? "all" : Integer.toString(client.batchSize()),
        client.negativesPerPositive(),
        client.sumLoss() ? "summed" : "mean",
        number(client.clipNorm()),
        number(client.proximal()),
        server.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'),
        number(server.learningRate()),
        number(server.beta1()),
        number(server.beta2()),
        number(server.tau()));
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e6
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  private static double meanHistory(HonestSplit split) {
    long items = 0;
    for (int user = 0; user < split.userCount(); user++) {
      items += split.training(user).length;
    }
    return (double) items / split.userCount();
  }

  private static void require(String option, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          option + " is " + value + ", must be " + min + " to " + max);
    }
  }
}
