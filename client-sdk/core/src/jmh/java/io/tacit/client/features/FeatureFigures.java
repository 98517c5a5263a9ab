package io.tacit.client.features;

import com.sun.management.ThreadMXBean;
import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.training.ExampleOutcome;
import io.tacit.client.training.TabularExamples;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.model.SplitMix64;
import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.protocol.plan.ClientSettings;
import io.tacit.protocol.plan.CohortSettings;
import io.tacit.protocol.plan.DeadlineSettings;
import io.tacit.protocol.plan.EvaluationSettings;
import io.tacit.protocol.plan.Feature;
import io.tacit.protocol.plan.FeatureSchema;
import io.tacit.protocol.plan.ServerOptimiserSettings;
import io.tacit.protocol.plan.TrainingPlan;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * Encoding 10,000 events, each an example, on one thread: milliseconds of its processor time and
 * allocated bytes after warm-up, for schemas of 64 numbers and for each kind of feature. Run from
 * the root:
 *
 * <pre>
 * mvn -B -Pbenchmarks -Dchecks=off -DskipTests -pl client-sdk/core -am verify \
 *     -Dbenchmark.main=io.tacit.client.features.FeatureFigures
 * </pre>
 */
public final class FeatureFigures {

  private static final int EVENTS = 10_000;
  private static final int WARM_UP = 30;
  private static final int SAMPLES = 60;
  private static final int DIMENSION = 64;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private FeatureFigures() {}

  /** Takes no arguments that count. */
  public static void main(String[] arguments) {
    System.out.printf(
        Locale.ROOT,
        "%,d events; load %.1f%n",
        EVENTS,
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    List<Feature> mixed = mixed();
    print("64 features: 8 fixed, 8 private, 14 categorical, 34 histories of 20", mixed);
    print("30 fixed numbers", features(30, i -> new Feature.Numeric("n" + i, 0.5, 0.3)));
    print("30 private numbers", features(30, FeatureFigures::privateNumeric));
    Feature category = new Feature.Categorical("t0", List.of("v0", "v1", "v2", "v3"), 4);
    print("1 categorical", List.of(category));
    print(
        "1 categorical and its history of 20",
        List.of(category, new Feature.Pooled("p", category, 20, 5, Set.of())));
    print("1 item id in 64 buckets", List.of(new Feature.ItemId("item", List.of(), 64)));
    Feature title = new Feature.HashedText("title", 64, 3);
    print("1 text of 30 characters", List.of(title));
    print(
        "1 text and its history of 20",
        List.of(title, new Feature.Pooled("p", title, 20, 5, Set.of())));
    Feature image = new Feature.DenseVector("image", DIMENSION, true);
    print("1 vector of 64", List.of(image));
    print(
        "1 vector and its history of 20",
        List.of(image, new Feature.Pooled("p", image, 20, 5, Set.of())));
  }

  private static Feature privateNumeric(int i) {
    return new Feature.PrivateNumeric("n" + i, 0.5, 0.3, 10, 5);
  }

  private static List<Feature> features(int count, IntFunction<Feature> feature) {
    List<Feature> features = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      features.add(feature.apply(i));
    }
    return features;
  }

  /** An event has 32 attributes at most, so half of the features look back on others. */
  private static List<Feature> mixed() {
    List<Feature> features = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      features.add(
          i % 2 == 0
              ? new Feature.Numeric("n" + i, 0.5, 0.3)
              : new Feature.PrivateNumeric("n" + i, 0.5, 0.3, 10, 5));
    }
    List<Feature> categories =
        features(
            14, i -> new Feature.Categorical("t" + i, List.of("v0", "v1", "v2", "v3", "v4"), 1));
    features.addAll(categories);
    for (int i = 0; i < 34; i++) {
      features.add(
          new Feature.Pooled(
              "p" + i,
              categories.get(i % 14),
              20,
              i < 14 ? 0 : 5,
              i < 28 ? Set.of() : Set.of("view")));
    }
    return features;
  }

  private static List<BehaviourEvent> events(List<Feature> features) {
    SplitMix64 random = new SplitMix64(1);
    List<BehaviourEvent> events = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      BehaviourEvent event =
          BehaviourEvent.view("item-" + random.nextInt(2_000), Instant.ofEpochSecond(i))
              .with("label", random.nextInt(2));
      for (Feature feature : features) {
        event = with(event, feature, random);
      }
      events.add(event);
    }
    return events;
  }

  private static BehaviourEvent with(BehaviourEvent event, Feature feature, SplitMix64 random) {
    String name = feature.name();
    if (feature instanceof Feature.Numeric || feature instanceof Feature.PrivateNumeric) {
      return event.with(name, random.nextDouble());
    } else if (feature instanceof Feature.Categorical) {
      return event.with(name, "v" + random.nextInt(6));
    } else if (feature instanceof Feature.HashedText) {
      return event.with(name, "A title that has " + (10_000 + random.nextInt(80_000)) + " readers");
    } else if (feature instanceof Feature.DenseVector) {
      float[] vector = new float[DIMENSION];
      for (int i = 0; i < DIMENSION; i++) {
        vector[i] = (float) random.nextGaussian();
      }
      return event.with(name, vector);
    }
    return event;
  }

  private static void print(String what, List<Feature> features) {
    List<BehaviourEvent> events = events(features);
    TrainingPlan plan = plan(features);
    double[] millis = new double[SAMPLES];
    long before = 0;
    for (int i = -WARM_UP; i < SAMPLES; i++) {
      if (i == 0) {
        before = THREADS.getCurrentThreadAllocatedBytes();
      }
      long start = THREADS.getCurrentThreadCpuTime();
      require(FeatureEncoder.encode(events, plan, null));
      if (i >= 0) {
        millis[i] = (THREADS.getCurrentThreadCpuTime() - start) / 1e6;
      }
    }
    long bytes = (THREADS.getCurrentThreadAllocatedBytes() - before) / SAMPLES;
    Arrays.sort(millis);
    System.out.printf(
        Locale.ROOT,
        "%-66s %4d inputs, median %6.2f ms, lowest %6.2f, %,11d bytes, rows alone %,d%n",
        what,
        ((FeatureSchema.Attributes) plan.features()).width(),
        millis[SAMPLES / 2],
        millis[0],
        bytes,
        4L * EVENTS * (1 + ((FeatureSchema.Attributes) plan.features()).width()));
  }

  private static void require(ExampleOutcome outcome) {
    int size = ((TabularExamples) ((ExampleOutcome.Examples) outcome).set()).size();
    if (size != EVENTS) {
      throw new IllegalStateException(size + " examples, must be " + EVENTS);
    }
  }

  private static TrainingPlan plan(List<Feature> features) {
    FeatureSchema.Attributes schema = new FeatureSchema.Attributes(features, "label");
    return new TrainingPlan(
        new PlanId("figures"),
        1,
        "figures",
        new ModelSpecification.Tabular(
            schema.width(),
            List.of(new DenseLayer(1, Activation.SIGMOID)),
            Loss.BINARY_CROSS_ENTROPY,
            1),
        schema,
        new ClientSettings(ClientSettings.Optimiser.SGD, 0.1, 1, 0, 4, 1, 2, EVENTS, true, 0),
        new CohortSettings(8, 1, 1.3),
        new DeadlineSettings(Duration.ofMinutes(5), Duration.ofSeconds(10), Duration.ofSeconds(60)),
        new ServerOptimiserSettings(ServerOptimiserSettings.Kind.MEAN, 1, 0.9, 0.99, 0.001),
        new AggregationSettings(
            AggregationSettings.Mode.PLAIN, true, AggregationSettings.Weighting.UNIFORM, 100),
        new EvaluationSettings(0),
        3);
  }
}
