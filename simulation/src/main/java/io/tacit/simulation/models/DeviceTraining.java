package io.tacit.simulation.models;

import io.tacit.client.model.UserVector;
import io.tacit.client.training.InteractionExamples;
import io.tacit.client.training.PortableEngine;
import io.tacit.client.training.TrainingDivergedException;
import io.tacit.client.training.TrainingEngine;
import io.tacit.client.training.TrainingResult;
import io.tacit.client.training.TrainingTask;
import io.tacit.simulation.evaluation.HeldOut;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.evaluation.NegativeSampling;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How the devices of a split train, with one or the other rule for negatives. The client knows the
 * honest rule only, since no device knows what it will be tested on; the papers' rule is made here,
 * by training in a catalogue that lacks the held-out items. Thread-safe.
 */
public final class DeviceTraining {

  private final HonestSplit split;
  private final NegativeSampling sampling;
  private final PortableEngine engine = new PortableEngine();

  private DeviceTraining(HonestSplit split, NegativeSampling sampling) {
    this.split = split;
    this.sampling = sampling;
  }

  /** Training of the users of a split. */
  public static DeviceTraining of(HonestSplit split, NegativeSampling sampling) {
    return new DeviceTraining(split, sampling);
  }

  /** An engine for devices, which do not say whose they are: it knows them by their items. */
  public TrainingEngine engine() {
    return switch (sampling) {
      case HONEST -> engine;
      case PAPERS_SAMPLER -> {
        Map<List<Integer>, int[]> heldOut = heldOutByTrainingItems();
        yield task -> trainWithout(task, known(heldOut.get(itemsOf(task))));
      }
    };
  }

  TrainingResult train(int user, TrainingTask task) throws TrainingDivergedException {
    return switch (sampling) {
      case HONEST -> engine.train(task);
      case PAPERS_SAMPLER -> trainWithout(task, heldOut(user));
    };
  }

  UserVector refit(int user, TrainingTask task) throws TrainingDivergedException {
    return switch (sampling) {
      case HONEST -> engine.refit(task);
      case PAPERS_SAMPLER -> engine.refit(FewerItems.of(task, heldOut(user)).task());
    };
  }

  private TrainingResult trainWithout(TrainingTask task, int[] missing)
      throws TrainingDivergedException {
    FewerItems fewer = FewerItems.of(task, missing);
    return fewer.whole(engine.train(fewer.task()));
  }

  private int[] heldOut(int user) {
    return new int[] {
      split.heldOutItem(user, HeldOut.VALIDATION), split.heldOutItem(user, HeldOut.TEST)
    };
  }

  private static int[] known(int @Nullable [] heldOut) {
    if (heldOut == null) {
      throw new IllegalStateException(
          "a device trains on items that are no user's training items, so what it must not be"
              + " tested on is not known; raise client.examples-max above the longest history");
    }
    return heldOut;
  }

  /** Of users with the same training items, the held-out items of all. */
  private Map<List<Integer>, int[]> heldOutByTrainingItems() {
    Map<List<Integer>, int[]> heldOut = new HashMap<>();
    for (int user = 0; user < split.userCount(); user++) {
      heldOut.merge(sorted(split.training(user)), heldOut(user), DeviceTraining::union);
    }
    return heldOut;
  }

  private static int[] union(int[] some, int[] others) {
    return IntStream.concat(Arrays.stream(some), Arrays.stream(others)).distinct().toArray();
  }

  private static List<Integer> itemsOf(TrainingTask task) {
    return sorted(((InteractionExamples) task.examples()).items());
  }

  private static List<Integer> sorted(int[] items) {
    return Arrays.stream(items).sorted().boxed().collect(Collectors.toUnmodifiableList());
  }
}
