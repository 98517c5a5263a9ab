package io.tacit.client.deeplearning4j;

import io.tacit.protocol.model.ModelSpecification;
import java.util.List;

/** What became of a Deeplearning4j configuration: a model specification, or why there is none. */
public sealed interface ConfigurationOutcome {

  /**
   * The configuration as a model specification.
   *
   * @param model to be put into a training plan
   */
  record Expressible(ModelSpecification.Tabular model) implements ConfigurationOutcome {}

  /**
   * The configuration asks for what no model specification can say.
   *
   * @param obstacles all that were found, at least one
   */
  record Inexpressible(List<Obstacle> obstacles) implements ConfigurationOutcome {

    public Inexpressible {
      obstacles = List.copyOf(obstacles);
    }
  }

  /**
   * Something that a model specification can not say.
   *
   * @param layer where: "layer 2 (OutputLayer)", or "network"
   * @param property of the configuration, as Deeplearning4j names it
   * @param reason what it is, and what there could be instead
   */
  record Obstacle(String layer, String property, String reason) {

    @Override
    public String toString() {
      return layer + ", " + property + ": " + reason;
    }
  }
}
