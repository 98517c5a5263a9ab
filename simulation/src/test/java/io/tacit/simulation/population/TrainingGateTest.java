package io.tacit.simulation.population;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.client.training.InteractionExamples;
import io.tacit.client.training.OptimiserKind;
import io.tacit.client.training.ParameterDelta;
import io.tacit.client.training.TrainingEngine;
import io.tacit.client.training.TrainingResult;
import io.tacit.client.training.TrainingSettings;
import io.tacit.client.training.TrainingTask;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TrainingGateTest {

  private static final ModelSpecification MODEL = new ModelSpecification.TwoTower(4, 2, true, 1);
  private static final TrainingTask TASK =
      new TrainingTask(
          MODEL,
          ModelParameters.initial(MODEL),
          InteractionExamples.of(new int[] {1, 2}),
          new TrainingSettings(OptimiserKind.SGD, 0.1, 1, 0, 1, true, 0),
          1);
  private static final TrainingResult RESULT =
      new TrainingResult(ParameterDelta.dense(new float[] {1}), 2, 0.5, null);

  private final AtomicInteger begun = new AtomicInteger();
  private final CountDownLatch mayEnd = new CountDownLatch(1);
  private final TrainingEngine engine =
      task -> {
        begun.incrementAndGet();
        try {
          assertThat(mayEnd.await(50, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
          throw new AssertionError("a training is not interrupted here", e);
        }
        return RESULT;
      };

  @Test
  void a_device_waits_until_another_has_trained() throws Exception {
    TrainingGate gate = new TrainingGate(engine, 2);
    FutureTask<TrainingResult> first = new FutureTask<>(() -> gate.train(TASK));
    FutureTask<TrainingResult> second = new FutureTask<>(() -> gate.train(TASK));
    FutureTask<TrainingResult> third = new FutureTask<>(() -> gate.train(TASK));
    for (FutureTask<TrainingResult> device : new FutureTask[] {first, second, third}) {
      startAndAwaitWaiting(device);
    }

    assertThat(begun).hasValue(2);
    mayEnd.countDown();
    assertThat(first.get()).isSameAs(RESULT);
    assertThat(second.get()).isSameAs(RESULT);
    assertThat(third.get()).isSameAs(RESULT);
    assertThat(begun).hasValue(3);
  }

  @Test
  void a_device_that_is_stopped_while_it_waits_does_not_train() throws Exception {
    TrainingGate gate = new TrainingGate(engine, 1);
    FutureTask<TrainingResult> first = new FutureTask<>(() -> gate.train(TASK));
    startAndAwaitWaiting(first);
    FutureTask<Boolean> second =
        new FutureTask<>(
            () -> {
              assertThatThrownBy(() -> gate.train(TASK)).isInstanceOf(CancellationException.class);
              return Thread.currentThread().isInterrupted();
            });

    startAndAwaitWaiting(second).interrupt();

    assertThat(second.get()).as("the device finds the flag at its next step").isTrue();
    mayEnd.countDown();
    assertThat(first.get()).isSameAs(RESULT);
    assertThat(begun).hasValue(1);
  }

  @Test
  void a_training_that_fails_lets_the_next_one_in() throws Exception {
    AtomicInteger trainings = new AtomicInteger();
    TrainingGate gate =
        new TrainingGate(
            task -> {
              if (trainings.incrementAndGet() == 1) {
                throw new OutOfMemoryError("Java heap space");
              }
              return RESULT;
            },
            1);

    assertThatThrownBy(() -> gate.train(TASK)).isInstanceOf(OutOfMemoryError.class);
    assertThat(gate.train(TASK)).isSameAs(RESULT);
  }

  private static Thread startAndAwaitWaiting(Runnable device) {
    Thread thread = new Thread(device, "device");
    thread.setDaemon(true);
    thread.start();
    while (thread.getState() != Thread.State.WAITING
        && thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    return thread;
  }
}
