package io.tacit.simulation.feedback;

import io.tacit.client.training.PortableEngine;
import io.tacit.protocol.model.SplitMix64;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.simulation.evaluation.Estimate;
import io.tacit.simulation.feedback.FeedbackResult.Day;
import io.tacit.simulation.inprocess.InProcessRounds;
import io.tacit.simulation.population.Cohorts;
import io.tacit.simulation.population.Population;
import io.tacit.simulation.population.ScratchDirectory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Recommendations, feedback, training, repeated, in four worlds with the same people: devices with
 * a federated model, a list of what is popular, items at random, and whoever knows what each person
 * likes. For one thread.
 *
 * <p>A day: each person is shown {@link FeedbackSettings#SHOWN} items that it has not been shown
 * before and clicks each or does not; the devices record a {@code click} or a {@code skip}; then
 * the rounds of the night train on the clicks. Before the first day people click {@link
 * FeedbackSettings#CLICKS_BEFORE} of items at random, the same in each world.
 */
public final class FeedbackLoop {

  /** Share of the days that the estimates are over. */
  private static final int JUDGED_PART = 4;

  /** Items that a person looks at before the first day at most: some must be left for the loop. */
  private static final int LOOKED_AT_MAX = FeedbackSettings.ITEMS / 2;

  private final FeedbackSettings settings;
  private final HiddenPreference preference;

  /** A loop of these settings. */
  public FeedbackLoop(FeedbackSettings settings) {
    this.settings = settings;
    this.preference = HiddenPreference.of(settings);
  }

  /**
   * Runs all days.
   *
   * @param listener told of each when it is over
   */
  public FeedbackResult run(Consumer<Day> listener) throws IOException, InterruptedException {
    Catalogue catalogue = FeedbackPlan.catalogue();
    TrainingPlan plan = FeedbackPlan.of(settings, catalogue);
    try (ScratchDirectory scratch = ScratchDirectory.create("tacit-feedback-");
        InProcessRounds rounds =
            InProcessRounds.start(
                plan,
                catalogue,
                (directory, parts) ->
                    Population.ofNewcomers(settings.devices(), directory, parts, settings.seed()),
                new PortableEngine(),
                settings.seed(),
                scratch.path(),
                Cohorts.Attendance.EVERYBODY)) {
      return run(rounds, new Worlds(new DeviceShop(rounds, catalogue)), listener);
    }
  }

  private FeedbackResult run(InProcessRounds rounds, Worlds worlds, Consumer<Day> listener)
      throws IOException, InterruptedException {
    browse(worlds);
    List<Day> days = new ArrayList<>();
    double[][] federated = new double[settings.days()][];
    double[][] popularity = new double[settings.days()][];
    for (int day = 1; day <= settings.days(); day++) {
      for (int round = settings.roundsUntil(day - 1); round < settings.roundsUntil(day); round++) {
        rounds.runRound();
      }
      federated[day - 1] = worlds.federated.day(day);
      popularity[day - 1] = worlds.popularity.day(day);
      Day over =
          new Day(
              day,
              settings.roundsUntil(day),
              mean(federated[day - 1]),
              mean(popularity[day - 1]),
              mean(worlds.random.day(day)),
              mean(worlds.omniscient.day(day)));
      days.add(over);
      listener.accept(over);
    }
    int judged = Math.max(1, settings.days() / JUDGED_PART);
    double[] last = perPerson(federated, settings.days() - judged, settings.days());
    return new FeedbackResult(
        days,
        judged,
        difference(last, perPerson(popularity, settings.days() - judged, settings.days())),
        difference(last, perPerson(federated, 0, judged)));
  }

  /** The same people in four worlds. */
  private final class Worlds {

    private final World federated;
    private final World popularity;
    private final World random;
    private final World omniscient;

    Worlds(World.Shop devices) {
      this.federated = world(devices);
      this.popularity = world(new Shops.Popular());
      this.random = world(new Shops.Random(settings.seed()));
      this.omniscient = world(new Shops.Omniscient(preference));
    }

    private World world(World.Shop shop) {
      return new World(preference, settings.devices(), shop);
    }

    void remember(int person, int[] items) throws IOException {
      for (World world : List.of(federated, popularity, random, omniscient)) {
        world.remember(person, items);
      }
    }
  }

  /** Each person looks at items at random until it has clicked some. */
  private void browse(Worlds worlds) throws IOException {
    SplitMix64 random = new SplitMix64(settings.seed() + 1);
    for (int person = 0; person < settings.devices(); person++) {
      int[] items = shuffled(random);
      int looked = 0;
      for (int clicks = 0; clicks < FeedbackSettings.CLICKS_BEFORE && looked < LOOKED_AT_MAX; ) {
        clicks += preference.clicks(person, items[looked++], 0) ? 1 : 0;
      }
      worlds.remember(person, Arrays.copyOf(items, looked));
    }
  }

  private static int[] shuffled(SplitMix64 random) {
    int[] items = IntStream.range(0, FeedbackSettings.ITEMS).toArray();
    for (int i = items.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int swapped = items[i];
      items[i] = items[other];
      items[other] = swapped;
    }
    return items;
  }

  private double[] perPerson(double[][] rates, int from, int to) {
    return IntStream.range(0, settings.devices())
        .mapToDouble(
            person ->
                IntStream.range(from, to).mapToDouble(d -> rates[d][person]).average().orElse(0))
        .toArray();
  }

  private static Estimate difference(double[] one, double[] other) {
    return Estimate.of(
        IntStream.range(0, one.length).mapToDouble(i -> one[i] - other[i]).toArray());
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }
}
