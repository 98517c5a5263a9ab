package io.tacit.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.e2e.app.StartApp;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.ClientSettings;
import io.tacit.protocol.plan.CohortSettings;
import io.tacit.protocol.plan.DeadlineSettings;
import io.tacit.protocol.plan.EvaluationSettings;
import io.tacit.protocol.plan.FeatureSchema;
import io.tacit.protocol.plan.ServerOptimiserSettings;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The model over 1,000 items that a {@link StartApp} brings along. */
public final class StartBundle {

  private static final int ITEMS = 1_000;
  private static final int DIMENSION = 32;

  private StartBundle() {}

  /** Writes the files that the app reads. */
  public static void write(Path directory) throws IOException {
    List<Catalogue.Item> items = new ArrayList<>();
    for (int i = 0; i < ITEMS; i++) {
      items.add(new Catalogue.Item("item-" + i, "Item " + i));
    }
    Catalogue catalogue = Catalogue.of(items);
    TrainingPlan plan = plan(catalogue);
    byte[] model = ModelParameters.initial(plan.model()).toBytes();
    Files.write(directory.resolve("plan"), plan.toBytes());
    Files.write(directory.resolve("catalogue"), catalogue.toBytes());
    Files.write(directory.resolve("model"), model);
    Files.write(directory.resolve("sha256"), ContentHash.of(model).toHex().getBytes(UTF_8));
  }

  private static TrainingPlan plan(Catalogue catalogue) {
    FeatureSchema.Items features =
        new FeatureSchema.Items(
            catalogue.contentHash(), catalogue.size(), 16, Set.of(BehaviourEvent.CLICK));
    return new TrainingPlan(
        new PlanId("start"),
        1,
        StartApp.POPULATION,
        new ModelSpecification.TwoTower(features.rows(), DIMENSION, true, 1),
        features,
        new ClientSettings(ClientSettings.Optimiser.SGD, 0.1, 1, 0, 4, 1, 2, 1_000, true, 0),
        new CohortSettings(64, 32, 1.3),
        new DeadlineSettings(Duration.ofMinutes(5), Duration.ofSeconds(30), Duration.ofMinutes(1)),
        new ServerOptimiserSettings(ServerOptimiserSettings.Kind.MEAN, 1, 0.9, 0.99, 1e-3),
        new AggregationSettings(
            AggregationSettings.Mode.PLAIN, true, AggregationSettings.Weighting.UNIFORM, 100),
        new EvaluationSettings(0),
        60);
  }
}
