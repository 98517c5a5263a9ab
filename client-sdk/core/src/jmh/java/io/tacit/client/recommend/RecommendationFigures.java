package io.tacit.client.recommend;

import com.sun.management.ThreadMXBean;
import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.behaviour.BehaviourStore;
import io.tacit.client.behaviour.Erasure;
import io.tacit.client.behaviour.IntegrityReport;
import io.tacit.client.model.ItemScorer;
import io.tacit.client.model.UserVector;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.client.storage.StoredUserVectors;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.model.SplitMix64;
import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.protocol.plan.ClientSettings;
import io.tacit.protocol.plan.CohortSettings;
import io.tacit.protocol.plan.DeadlineSettings;
import io.tacit.protocol.plan.EvaluationSettings;
import io.tacit.protocol.plan.FeatureSchema;
import io.tacit.protocol.plan.ServerOptimiserSettings;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Recommending and explaining over 100,000 items of dimension 32, on one thread: milliseconds and
 * allocated bytes of a call after warm-up, beside how long the same memory takes to be read. Events
 * come from memory: what a behaviour store adds is its own figure. Run from the root:
 *
 * <pre>
 * mvn -B -Pbenchmarks -Dchecks=off -DskipTests -pl client-sdk/core -am verify \
 *     -Dbenchmark.main=io.tacit.client.recommend.RecommendationFigures
 * </pre>
 */
public final class RecommendationFigures {

  private static final PlanId PLAN = new PlanId("figures");
  private static final int ITEMS = 100_000;
  private static final int DIMENSION = 32;
  private static final int HISTORY = 1_000;
  private static final int WARM_UP = 600;
  private static final int SAMPLES = 400;

  private static final int READ_SAMPLES = 200;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private RecommendationFigures() {}

  /** Takes no arguments that count. */
  public static void main(String[] arguments) throws IOException {
    double readMillis = readMillis();
    System.out.printf(
        Locale.ROOT,
        "limit: reading %.1f MB of embeddings takes %.2f ms, %.1f GB/s; load %.1f%n",
        4e-6 * ITEMS * DIMENSION,
        readMillis,
        4e-6 * ITEMS * DIMENSION / readMillis,
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    ModelSpecification twoTower = new ModelSpecification.TwoTower(ITEMS, DIMENSION, true, 1);
    ModelSpecification factorisation =
        new ModelSpecification.NeuralCf(ITEMS, DIMENSION, true, List.of(), 1);
    ModelSpecification tower =
        new ModelSpecification.NeuralCf(
            ITEMS,
            DIMENSION,
            true,
            List.of(new DenseLayer(64, Activation.RELU), new DenseLayer(32, Activation.RELU)),
            1);
    print(twoTower, true, HISTORY, readMillis);
    print(twoTower, true, 10_000, readMillis);
    print(factorisation, true, HISTORY, readMillis);
    print(factorisation, false, HISTORY, readMillis);
    print(tower, true, HISTORY, readMillis);
    printRecall(tower);
  }

  private static void print(
      ModelSpecification model, boolean isTrained, int history, double readMillis)
      throws IOException {
    Path directory = Files.createTempDirectory("tacit-recommendation-figures");
    DeviceStorage storage = DeviceStorage.open(directory);
    FixedEvents events = new FixedEvents(clicks(history));
    Recommender recommender =
        new Recommender(modelStore(model, storage), events, userVectors(model, isTrained, storage));
    RecommendationRequest ten = RecommendationRequest.best(10);
    List<Recommendation> items = recommender.recommend(ten).items();
    String name =
        model.kind()
            + (model.layout().blocksOf(ModelSpecification.TOWER).isEmpty() ? "" : " with tower")
            + (isTrained ? "" : ", not trained yet")
            + ", history of "
            + history;
    double scan = print(name + ": recommend(10)", () -> recommender.recommend(ten));
    System.out.printf(Locale.ROOT, "  which is %.0f %% of the limit%n", 100 * readMillis / scan);
    events.isNew = true;
    print("  after a new event", () -> recommender.recommend(ten));
    events.isNew = false;
    print(
        "  with two filters and diversity",
        () ->
            recommender.recommend(
                ten.onlyWith("colour", "red").without("size", "3").withDiversity(0.3)));
    print("  why", () -> recommender.why(items.get(0)));
    for (String file : storage.names()) {
      storage.delete(file);
    }
  }

  private static double print(String what, Call call) throws IOException {
    for (int i = 0; i < WARM_UP; i++) {
      call.run();
    }
    double[] millis = new double[SAMPLES];
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < SAMPLES; i++) {
      long start = System.nanoTime();
      call.run();
      millis[i] = (System.nanoTime() - start) / 1e6;
    }
    long bytes = (THREADS.getCurrentThreadAllocatedBytes() - before) / SAMPLES;
    Arrays.sort(millis);
    System.out.printf(
        Locale.ROOT,
        "%-66s median %6.2f ms, lowest %6.2f, 99th centile %6.2f, %,9d bytes%n",
        what,
        millis[SAMPLES / 2],
        millis[0],
        millis[SAMPLES * 99 / 100],
        bytes);
    return millis[SAMPLES / 2];
  }

  /** How many of the ten best the two stages find. */
  private static void printRecall(ModelSpecification model) {
    ItemScorer scorer = ItemScorer.of(model, ModelParameters.initial(model));
    int[] all = new int[ITEMS];
    Arrays.setAll(all, i -> i);
    BitSet wanted = new BitSet(ITEMS);
    wanted.set(0, ITEMS);
    float[] scores = new float[ITEMS];
    int found = 0;
    for (int seed = 0; seed < 20; seed++) {
      UserVector user = UserVector.initial(DIMENSION, seed);
      scorer.score(user, all, scores);
      Set<Integer> best = new HashSet<>();
      Arrays.stream(all)
          .boxed()
          .sorted((a, b) -> Float.compare(scores[b], scores[a]))
          .limit(10)
          .forEach(best::add);
      for (int item : scorer.top(user, 10, wanted).items()) {
        found += best.contains(item) ? 1 : 0;
      }
    }
    System.out.printf(
        Locale.ROOT, "two stages find %.1f of the ten best of an untrained tower%n", found / 20.0);
  }

  /**
   * The time in which as many bytes as the embeddings have are read, by a sum of ints: HotSpot
   * turns that into vector instructions, which it does not for floats.
   */
  private static double readMillis() {
    int[] memory = new int[ITEMS * DIMENSION];
    Arrays.setAll(memory, i -> i);
    double[] millis = new double[READ_SAMPLES];
    int sum = 0;
    for (int i = 0; i < READ_SAMPLES; i++) {
      long start = System.nanoTime();
      sum += sum(memory);
      millis[i] = (System.nanoTime() - start) / 1e6;
    }
    Arrays.sort(millis);
    return sum == 1 ? 0 : millis[READ_SAMPLES / 2];
  }

  private static int sum(int[] memory) {
    int sum = 0;
    for (int element : memory) {
      sum += element;
    }
    return sum;
  }

  private static ModelStore modelStore(ModelSpecification model, DeviceStorage storage)
      throws IOException {
    StringBuilder catalogue = new StringBuilder("#tacit-catalogue 1\n");
    StringBuilder items = new StringBuilder("#tacit-items 1\nid\ttitle\tavailable\tcolour\tsize\n");
    for (int i = 0; i < ITEMS; i++) {
      String idAndTitle = "item-" + i + "\tThe item of number " + i;
      catalogue.append(idAndTitle).append('\n');
      items
          .append(idAndTitle)
          .append(i % 50 == 0 ? "\tno\t" : "\tyes\t")
          .append(i % 3 == 0 ? "red" : "red|blue")
          .append('\t')
          .append(i % 7)
          .append('\n');
    }
    byte[] catalogueBytes = catalogue.toString().getBytes(StandardCharsets.UTF_8);
    byte[] itemBytes = items.toString().getBytes(StandardCharsets.UTF_8);
    TrainingPlan plan = plan(model, ContentHash.of(catalogueBytes));
    ModelParameters parameters = ModelParameters.initial(model);
    ModelStore store = ModelStore.open(storage);
    store.installItems(itemBytes, ContentHash.of(itemBytes));
    store.install(plan.toBytes(), catalogueBytes, parameters.toBytes(), parameters.contentHash());
    return store;
  }

  private static StoredUserVectors userVectors(
      ModelSpecification model, boolean isTrained, DeviceStorage storage) throws IOException {
    StoredUserVectors vectors = new StoredUserVectors(storage);
    if (isTrained && model instanceof ModelSpecification.NeuralCf) {
      vectors.keep(PLAN, UserVector.initial(DIMENSION, 1));
    }
    return vectors;
  }

  private static List<BehaviourEvent> clicks(int count) {
    SplitMix64 random = new SplitMix64(1);
    List<BehaviourEvent> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(BehaviourEvent.click("item-" + random.nextInt(ITEMS), Instant.ofEpochSecond(i)));
    }
    return events;
  }

  private static TrainingPlan plan(ModelSpecification model, ContentHash catalogue) {
    return new TrainingPlan(
        PLAN,
        1,
        "figures",
        model,
        new FeatureSchema.Items(catalogue, ITEMS, 0, Set.of("click")),
        new ClientSettings(ClientSettings.Optimiser.SGD, 0.1, 1, 0, 4, 1, 2, HISTORY, true, 0),
        new CohortSettings(8, 1, 1.3),
        new DeadlineSettings(Duration.ofMinutes(5), Duration.ofSeconds(10), Duration.ofSeconds(60)),
        new ServerOptimiserSettings(ServerOptimiserSettings.Kind.MEAN, 1, 0.9, 0.99, 0.001),
        new AggregationSettings(
            AggregationSettings.Mode.PLAIN, true, AggregationSettings.Weighting.UNIFORM, 100),
        new EvaluationSettings(0),
        3);
  }

  /** One thing to measure. */
  private interface Call {

    Object run() throws IOException;
  }

  /** Events in memory. */
  private static final class FixedEvents implements BehaviourStore {

    private final List<BehaviourEvent> events;

    /** Whether the list is another one each time, as it is after an event was recorded. */
    private boolean isNew;

    FixedEvents(List<BehaviourEvent> events) {
      this.events = events;
    }

    @Override
    public List<BehaviourEvent> events() {
      return isNew ? new ArrayList<>(events) : events;
    }

    @Override
    public void record(List<BehaviourEvent> more) {
      throw new UnsupportedOperationException("these events are fixed");
    }

    @Override
    public int count() {
      return events.size();
    }

    @Override
    public void sync() {
      throw new UnsupportedOperationException("these events are fixed");
    }

    @Override
    public IntegrityReport scan(Consumer<BehaviourEvent> visitor) {
      throw new UnsupportedOperationException("only the latest events are asked for");
    }

    @Override
    public List<BehaviourEvent> latest(int count) {
      return events.subList(Math.max(0, events.size() - count), events.size());
    }

    @Override
    public Erasure forget() {
      throw new UnsupportedOperationException("these events are fixed");
    }
  }
}
