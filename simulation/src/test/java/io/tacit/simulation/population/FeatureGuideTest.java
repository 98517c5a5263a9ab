package io.tacit.simulation.population;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.client.BundledModel;
import io.tacit.client.Storage;
import io.tacit.client.TacitClient;
import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.behaviour.FileBehaviourStore;
import io.tacit.client.behaviour.Retention;
import io.tacit.client.features.FeatureEncoder;
import io.tacit.client.recommend.Prediction;
import io.tacit.coordinator.plans.PlanFile;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/guides/features.md is the code between the guide marks of this file. */
// As apps do: who records need not wait.
@SuppressWarnings("FutureReturnValueIgnored")
class FeatureGuideTest {

  private static final Path ROOT = Path.of(System.getProperty("tacit.root"));
  private static final Clock CLOCK = Clock.systemUTC();

  @TempDir Path directory;

  private final List<String> shown = new ArrayList<>();

  // guide
  void record(TacitClient client) {
    client.record(
        BehaviourEvent.click("tent-07", CLOCK.instant())
            .with("clicked", 1)
            .with("price", 129)
            .with("category", "Camping")
            .with("brand", "Northpine")
            .with("title", "Northpine Light Tent"));
    client.record(
        BehaviourEvent.of(BehaviourEvent.SKIP, "kettle-2", CLOCK.instant())
            .with("clicked", 0)
            .with("price", 34.9)
            .with("category", "Kitchen"));
  }

  // guide

  // guide
  TacitClient client(Path directory, byte[] plan, byte[] model, String modelSha256) {
    return TacitClient.builder(directory, "shop")
        .storage(Storage.unencrypted())
        .plan("ecommerce")
        .model(BundledModel.of(plan, model, modelSha256))
        .build();
  }

  // guide

  // guide
  void profile(TacitClient client) {
    client.record(
        BehaviourEvent.withoutItem("profile", CLOCK.instant()).with("age-group", "25 to 45"));
  }

  // guide

  // guide
  CompletableFuture<Void> showLikeliest(TacitClient client, List<BehaviourEvent> candidates) {
    return client
        .predict(candidates)
        .thenAccept(
            predictions -> {
              predictions.refusal().ifPresent(why -> show("No order: " + why));
              predictions.items().stream()
                  .sorted(Comparator.comparingDouble(Prediction::value).reversed())
                  .limit(3)
                  .forEach(best -> show(best.candidate().itemId().get() + " " + best.value()));
            });
  }

  // guide

  private void show(String line) {
    shown.add(line);
  }

  @Test
  void the_code_of_the_guide_runs() throws IOException {
    TrainingPlan plan =
        PlanFile.parse(
            Files.readString(ROOT.resolve("deploy/plans/ecommerce.yaml")),
            ScenarioEventsTest.NO_CATALOGUES);
    ModelParameters model = ModelParameters.initial(plan.model());
    BehaviourEvent stove =
        BehaviourEvent.view("stove-1", CLOCK.instant()).with("category", "Camping");
    BehaviourEvent pan = BehaviourEvent.view("pan-3", CLOCK.instant()).with("category", "Kitchen");
    try (TacitClient client =
        client(directory, plan.toBytes(), model.toBytes(), model.contentHash().toHex())) {
      record(client);
      profile(client);

      showLikeliest(client, List.of(stove, pan)).join();
      assertThat(shown).hasSize(2);
      showLikeliest(client, List.of(stove.with("price", "9"))).join();
      assertThat(shown).hasSize(3).endsWith("No order: feature price is a text, must be a number");
    }
    try (FileBehaviourStore store =
        FileBehaviourStore.open(directory.resolve("behaviour"), Retention.defaults(), CLOCK)) {
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

    assertThat(parts).hasSize(9);
    for (int i = 1; i < parts.length; i += 2) {
      assertThat(guide).contains(("  " + parts[i].strip()).stripIndent());
    }
  }
}
