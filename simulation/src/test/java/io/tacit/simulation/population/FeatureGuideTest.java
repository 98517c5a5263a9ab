package io.tacit.simulation.population;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.behaviour.BehaviourStore;
import io.tacit.client.behaviour.FileBehaviourStore;
import io.tacit.client.behaviour.Retention;
import io.tacit.client.features.FeatureEncoder;
import io.tacit.client.features.InputOutcome;
import io.tacit.client.model.TabularPredictor;
import io.tacit.coordinator.plans.PlanFile;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/guides/features.md is the code between the guide marks of this file. */
class FeatureGuideTest {

  private static final Path ROOT = Path.of(System.getProperty("tacit.root"));
  private static final Clock CLOCK = Clock.systemUTC();

  @TempDir Path directory;

  // guide
  void record(BehaviourStore store) throws IOException {
    store.record(
        BehaviourEvent.click("tent-07", CLOCK.instant())
            .with("clicked", 1)
            .with("price", 129)
            .with("category", "Camping")
            .with("brand", "Northpine")
            .with("title", "Northpine Light Tent"));
    store.record(
        BehaviourEvent.of(BehaviourEvent.SKIP, "kettle-2", CLOCK.instant())
            .with("clicked", 0)
            .with("price", 34.9)
            .with("category", "Kitchen"));
  }

  // guide

  // guide
  List<Float> chances(
      List<BehaviourEvent> past,
      List<BehaviourEvent> candidates,
      TrainingPlan plan,
      TabularPredictor predictor) {
    List<Float> chances = new ArrayList<>();
    InputOutcome outcome = FeatureEncoder.inputs(past, candidates, plan);
    if (outcome instanceof InputOutcome.Inputs inputs) {
      for (float[] row : inputs.rows()) {
        chances.add(predictor.predict(row)[0]);
      }
    }
    return chances; // empty if an event does not fit: then `outcome` says what and why
  }

  // guide

  @Test
  void the_code_of_the_guide_runs() throws IOException {
    TrainingPlan plan =
        PlanFile.parse(
            Files.readString(ROOT.resolve("deploy/plans/ecommerce.yaml")),
            ScenarioEventsTest.NO_CATALOGUES);
    TabularPredictor predictor =
        new TabularPredictor(
            (ModelSpecification.Tabular) plan.model(), ModelParameters.initial(plan.model()));
    try (FileBehaviourStore store =
        FileBehaviourStore.open(directory, Retention.defaults(), CLOCK)) {
      record(store);
      BehaviourEvent candidate =
          BehaviourEvent.view("stove-1", CLOCK.instant()).with("category", "Camping");

      assertThat(chances(store.events(), List.of(candidate), plan, predictor)).hasSize(1);
      assertThat(chances(store.events(), List.of(candidate.with("price", "9")), plan, predictor))
          .isEmpty();
      assertThat(FeatureEncoder.encode(store.events(), plan, null))
          .hasToString("Examples[set=TabularExamples[2]]");
    }
  }

  @Test
  void the_guide_shows_this_code() throws IOException {
    String guide = Files.readString(ROOT.resolve("docs/guides/features.md"));
    String source =
        Files.readString(
            ROOT.resolve(
                "simulation/src/test/java/io/tacit/simulation/population/FeatureGuideTest.java"));
    String[] parts = source.split("  // guide\n");

    assertThat(parts).hasSize(5);
    for (int i = 1; i < parts.length; i += 2) {
      assertThat(guide).contains(("  " + parts[i].strip()).stripIndent());
    }
  }
}
