package io.tacit.simulation.population;

import io.tacit.client.rounds.RoundObserver;
import io.tacit.client.training.ExampleSource;
import io.tacit.client.training.TrainingEngine;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.privacy.RandomBits;
import java.util.function.Supplier;

/**
 * What goes along with a device, beside the app that it stands for: a witness of what it sends, or
 * the chance that its app is closed. Called on the thread that takes part with the device.
 */
public interface Companion {

  /** Nobody. */
  Companion NONE = new Companion() {};

  /** Where the device's examples come from. */
  default ExampleSource examples(ExampleSource examples) {
    return examples;
  }

  /** The engine that the device trains with. */
  default TrainingEngine engine(TrainingEngine engine) {
    return engine;
  }

  /** Where the bits of its rounding and noise come from. */
  default Supplier<RandomBits> bits(Supplier<RandomBits> bits) {
    return bits;
  }

  /** Who watches its participations. */
  default RoundObserver observer() {
    return RoundObserver.NONE;
  }

  /** Gives each device its companion. */
  @FunctionalInterface
  interface Choice {

    /** Everyone is alone. */
    Choice NOBODY = (user, client) -> NONE;

    /**
     * The companion of one device.
     *
     * @param user index of its user in the split
     * @param client its pseudonym
     */
    Companion of(int user, ClientId client);
  }
}
