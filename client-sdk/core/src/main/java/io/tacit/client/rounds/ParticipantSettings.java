package io.tacit.client.rounds;

import io.tacit.client.policy.ClientPolicy;
import io.tacit.protocol.Names;
import io.tacit.protocol.model.ModelSpecification;
import java.time.Duration;
import java.util.Set;

/**
 * How a device takes part in rounds. Immutable.
 *
 * @param population of the app
 * @param policy what the app allows
 * @param modelKinds that the device can train
 * @param pollWithin how long a poll is tried while no coordinator answers
 * @param resultWithin how long a device waits for the round's end after its update arrived
 */
public record ParticipantSettings(
    String population,
    ClientPolicy policy,
    Set<String> modelKinds,
    Duration pollWithin,
    Duration resultWithin) {

  public ParticipantSettings {
    Names.check("population", population);
    modelKinds = Set.copyOf(modelKinds);
    requirePositive("pollWithin", pollWithin);
    requirePositive("resultWithin", resultWithin);
  }

  /** The usual settings: every kind of model, a minute for the poll, five for the result. */
  public static ParticipantSettings of(String population, ClientPolicy policy) {
    return new ParticipantSettings(
        population,
        policy,
        Set.of(
            ModelSpecification.Tabular.KIND,
            ModelSpecification.NeuralCf.KIND,
            ModelSpecification.TwoTower.KIND),
        Duration.ofMinutes(1),
        Duration.ofMinutes(5));
  }

  private static void requirePositive(String what, Duration value) {
    if (value.isZero() || value.isNegative()) {
      throw new IllegalArgumentException(what + " is " + value.toMillis() + " ms, must be above 0");
    }
  }
}
