package io.tacit.simulation.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Behaviour with a hidden cause, the same for all scenarios. Each item has a hidden vector: that of
 * its topic, plus that of its cluster within the topic, plus noise. A user's taste is the sum of
 * the vectors of a few items drawn at random. Users choose items, each at most once, with odds of
 * {@code exp(TASTE_WEIGHT <taste, item> - POPULARITY_SLOPE log(rank of the item))}. Whoever finds
 * the hidden vectors from the choices alone predicts better than popularity does.
 */
final class SyntheticGenerator {

  private static final int DIMENSIONS = 12;
  private static final double CLUSTER_SPREAD = 0.7;
  private static final double ITEM_SPREAD = 0.3;
  private static final int FAVOURITES_PER_USER = 2;
  private static final double TASTE_WEIGHT = 0.25;
  private static final double POPULARITY_SLOPE = 0.6;

  private static final int INTERACTIONS_MIN = 5;
  private static final int INTERACTIONS_MAX = 60;
  private static final double INTERACTIONS_MEAN_ABOVE_MIN = 15;

  private static final long FIRST_EPOCH_SECONDS = 1_750_000_000;
  private static final long START_SPREAD_SECONDS = 30L * 24 * 3600;
  private static final double GAP_MEAN_SECONDS = 6 * 3600;

  private final Scenario scenario;
  private final SyntheticSettings settings;
  private final Words words;
  private final SplittableRandom random;

  private SyntheticGenerator(Scenario scenario, SyntheticSettings settings) {
    this.scenario = scenario;
    this.settings = settings;
    this.words = Words.of(scenario.label());
    this.random = new SplittableRandom(settings.seed());
  }

  static InteractionDataSet generate(Scenario scenario, SyntheticSettings settings) {
    return new SyntheticGenerator(scenario, settings).generate();
  }

  private InteractionDataSet generate() {
    int[] popularityRank = shuffled(settings.items());
    List<Item> items = new ArrayList<>();
    double[][] hidden = new double[settings.items()][];
    int topicCount = words.topics().size();
    double[][] topicVectors = gaussians(topicCount, 1);
    double[][] clusterVectors = gaussians(topicCount * Words.CLUSTERS_PER_TOPIC, CLUSTER_SPREAD);
    Map<Integer, TitleDeck> titles = new HashMap<>();
    for (int item = 0; item < settings.items(); item++) {
      int topic = random.nextInt(topicCount);
      int cluster = random.nextInt(Words.CLUSTERS_PER_TOPIC);
      hidden[item] =
          sum(
              topicVectors[topic],
              clusterVectors[topic * Words.CLUSTERS_PER_TOPIC + cluster],
              gaussian(ITEM_SPREAD));
      Words.Topic about = words.topics().get(topic);
      Scenario.Traits traits =
          new Scenario.Traits(
              about.name(),
              topic,
              about.maker(cluster),
              popularityRank[item] / (settings.items() - 1.0));
      String title = titles.computeIfAbsent(topic, t -> new TitleDeck(about)).next(traits);
      String id = String.format(Locale.ROOT, "%s-%04d", scenario.label(), item + 1);
      items.add(new Item(id, title, scenario.attributes(traits, random)));
    }
    List<UserHistory> users = new ArrayList<>();
    for (int user = 0; user < settings.users(); user++) {
      users.add(history(user, items, hidden, popularityRank));
    }
    return new InteractionDataSet(
        "synthetic-" + scenario.label(),
        true,
        "by generated time; no user has two interactions at one time",
        scenario.schema(),
        items,
        users);
  }

  private UserHistory history(int user, List<Item> items, double[][] hidden, int[] popularityRank) {
    List<Integer> chosen = choose(hidden, popularityRank);
    // Shuffled, or the last item in time, the one to predict, would always be the least liked.
    long time = FIRST_EPOCH_SECONDS + random.nextLong(START_SPREAD_SECONDS);
    List<Interaction> interactions = new ArrayList<>();
    for (int position : shuffled(chosen.size())) {
      int item = chosen.get(position);
      time += 1 + (long) (GAP_MEAN_SECONDS * random.nextExponential());
      interactions.add(new Interaction(item, time, scenario.value(items.get(item), random)));
    }
    return new UserHistory(String.format(Locale.ROOT, "user-%05d", user + 1), interactions);
  }

  /** What a new user with a random taste chooses, most liked first. */
  private List<Integer> choose(double[][] hidden, int[] popularityRank) {
    double[] taste = new double[DIMENSIONS];
    for (int favourite = 0; favourite < FAVOURITES_PER_USER; favourite++) {
      taste = sum(taste, hidden[random.nextInt(hidden.length)]);
    }
    double[] appeal = new double[hidden.length];
    for (int item = 0; item < hidden.length; item++) {
      // Gumbel noise: the best n of (log odds + noise) are n draws without replacement by the odds.
      double gumbel = -Math.log(random.nextExponential());
      appeal[item] =
          TASTE_WEIGHT * dot(taste, hidden[item])
              - POPULARITY_SLOPE * Math.log(1 + popularityRank[item])
              + gumbel;
    }
    double wanted = INTERACTIONS_MIN + INTERACTIONS_MEAN_ABOVE_MIN * random.nextExponential();
    return IntStream.range(0, appeal.length)
        .boxed()
        .sorted(Comparator.comparingDouble(item -> -appeal[item]))
        .limit((long) Math.min(INTERACTIONS_MAX, wanted))
        .toList();
  }

  /** The titles of one topic in random order; when all are used, they begin again with a number. */
  private final class TitleDeck {
    private final List<String> nouns;
    private final int[] order;
    private int used;

    TitleDeck(Words.Topic topic) {
      this.nouns = topic.nouns();
      this.order = shuffled(nouns.size() * words.modifiers().size());
    }

    String next(Scenario.Traits traits) {
      int card = order[used % order.length];
      int turn = used / order.length;
      used++;
      String title =
          scenario.title(
              traits, words.modifiers().get(card / nouns.size()), nouns.get(card % nouns.size()));
      return turn == 0 ? title : title + " " + (turn + 1);
    }
  }

  private int[] shuffled(int count) {
    int[] order = IntStream.range(0, count).toArray();
    for (int i = count - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }

  private double[][] gaussians(int count, double spread) {
    return IntStream.range(0, count).mapToObj(i -> gaussian(spread)).toArray(double[][]::new);
  }

  private double[] gaussian(double spread) {
    return DoubleStream.generate(() -> spread * random.nextGaussian()).limit(DIMENSIONS).toArray();
  }

  private static double[] sum(double[]... vectors) {
    double[] total = new double[DIMENSIONS];
    for (double[] vector : vectors) {
      Arrays.setAll(total, d -> total[d] + vector[d]);
    }
    return total;
  }

  private static double dot(double[] a, double[] b) {
    double total = 0;
    for (int d = 0; d < a.length; d++) {
      total += a[d] * b[d];
    }
    return total;
  }
}
