package io.tacit.simulation.population;

import io.tacit.client.training.TrainingDivergedException;
import io.tacit.client.training.TrainingEngine;
import io.tacit.client.training.TrainingResult;
import io.tacit.client.training.TrainingSettings;
import io.tacit.client.training.TrainingTask;
import io.tacit.protocol.model.ModelSpecification;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;

/**
 * An engine that lets only so many of its devices train at a time; the others wait, in any order.
 * All devices of a cohort have a thread each, since a secure session needs them all at once, but
 * more of them at work than there are processors only hold more memory. What a training gives does
 * not depend on who waited for whom. Safe for use by threads.
 */
final class TrainingGate implements TrainingEngine {

  private final TrainingEngine engine;
  private final Semaphore free;

  /**
   * @param engine that trains
   * @param atOnceMax trainings at the same time, at least 1
   */
  TrainingGate(TrainingEngine engine, int atOnceMax) {
    this.engine = engine;
    this.free = new Semaphore(atOnceMax);
  }

  /** As many trainings at a time as there are processors. */
  static TrainingGate before(TrainingEngine engine) {
    return new TrainingGate(engine, Runtime.getRuntime().availableProcessors());
  }

  @Override
  public Optional<String> refusal(ModelSpecification model, TrainingSettings settings) {
    return engine.refusal(model, settings);
  }

  @Override
  public Optional<String> refusal(TrainingTask task) {
    return engine.refusal(task);
  }

  /**
   * Waits for its turn, and trains.
   *
   * @throws CancellationException if the device is stopped while it waits; the thread stays
   *     interrupted
   */
  @Override
  public TrainingResult train(TrainingTask task) throws TrainingDivergedException {
    try {
      free.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("the device was stopped before it trained");
    }
    try {
      return engine.train(task);
    } finally {
      free.release();
    }
  }
}
