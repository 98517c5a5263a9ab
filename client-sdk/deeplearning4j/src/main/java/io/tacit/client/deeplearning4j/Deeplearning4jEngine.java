package io.tacit.client.deeplearning4j;

import io.tacit.client.training.LocalTraining;
import io.tacit.client.training.OptimiserKind;
import io.tacit.client.training.TrainingDivergedException;
import io.tacit.client.training.TrainingEngine;
import io.tacit.client.training.TrainingResult;
import io.tacit.client.training.TrainingSettings;
import io.tacit.client.training.TrainingTask;
import io.tacit.protocol.model.ModelSpecification;
import java.util.Optional;

/**
 * Trains on Deeplearning4j: every model is one of its computation graphs, with its losses and its
 * updaters, over native code. It agrees with the portable engine within float rounding and is
 * slower on small networks (about 2 ms per step); it is there for those who build on Deeplearning4j
 * otherwise. Not for phones.
 *
 * <p>Memory: a training frees parameters, gradients, updater state and inputs before it returns;
 * what Deeplearning4j allocates inside a step is freed when the garbage collector finds it. {@link
 * Deeplearning4jSettings#withNativeBytesMax} bounds what trainings hold at once. For the process,
 * the first engine sets JavaCPP's own limits, {@code org.bytedeco.javacpp.maxbytes} and {@code
 * org.bytedeco.javacpp.maxphysicalbytes}, unless the command line has done so or ND4J is already
 * loaded; the second is what really stops ND4J, with an {@code OutOfMemoryError}.
 *
 * <p>Native libraries are unpacked to {@code ~/.javacpp/cache} on first use; {@code
 * -Dorg.bytedeco.javacpp.cachedir} names another place.
 *
 * <p>Thread-safe; a training runs in the calling thread.
 */
public final class Deeplearning4jEngine implements TrainingEngine {

  /** The word by which settings choose this engine. */
  public static final String NAME = "deeplearning4j";

  private final Deeplearning4jSettings settings;
  private final NativeMemory memory;

  /** With default settings. */
  public Deeplearning4jEngine() {
    this(Deeplearning4jSettings.defaults());
  }

  /** With other settings. */
  public Deeplearning4jEngine(Deeplearning4jSettings settings) {
    this.settings = settings;
    this.memory = new NativeMemory(settings.nativeBytesMax());
    NativeMemory.limitProcess(settings.nativeBytesMax());
  }

  @Override
  public Optional<String> refusal(ModelSpecification model, TrainingSettings training) {
    if (training.optimiser() == OptimiserKind.SPARSE_ADAM
        && !(model instanceof ModelSpecification.Tabular)) {
      return Optional.of(
          "the Deeplearning4j engine can not train a "
              + model.kind()
              + " model with SPARSE_ADAM: its updaters move every embedding row in every step; use"
              + " ADAM or SGD in the plan, or the portable engine");
    }
    if (model instanceof ModelSpecification.OfItems items
        && items.itemFeatures() + items.userFeatures() > 0) {
      return Optional.of(
          "the Deeplearning4j engine can not train a "
              + model.kind()
              + " model with features of items or users; leave item-features and user-features out"
              + " of the plan, or use the portable engine");
    }
    return Optional.empty();
  }

  @Override
  public Optional<String> refusal(TrainingTask task) {
    return memory.refusal(NetworkMemory.bytes(LocalTraining.of(task).model()));
  }

  @Override
  public TrainingResult train(TrainingTask task) throws TrainingDivergedException {
    Optional<String> refusal = refusal(task.specification(), task.settings());
    if (refusal.isPresent()) {
      throw new IllegalArgumentException(refusal.get());
    }
    LocalTraining training = LocalTraining.of(task);
    try (NativeMemory.Share share = memory.reserve(NetworkMemory.bytes(training.model()));
        NativeThread thread = NativeThread.enter(settings.openMpThreads())) {
      return training.run(NetworkLearner::of);
    }
  }
}
