package io.tacit.client.training;

/**
 * What an artifact with a training engine brings: a provider of this service, found by {@link
 * java.util.ServiceLoader}. Cheap to make; the engine itself may load libraries.
 */
public interface TrainingEngineProvider {

  /** The word by which settings choose the engine. */
  String name();

  /** A new engine with its default settings. */
  TrainingEngine create();
}
