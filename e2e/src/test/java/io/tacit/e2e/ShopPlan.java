package io.tacit.e2e;

import io.tacit.client.BundledModel;
import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.e2e.app.ShopApp;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A small two-tower plan for the {@link ShopApp}, whose rounds end soon if a device dies. */
final class ShopPlan {

  static final String ID = "soak";

  /** Items of the catalogue. */
  static final int ITEMS = 60;

  private static final Duration SOON = Duration.ofSeconds(5);

  private ShopPlan() {}

  /**
   * Gives the plan to a coordinator, with its catalogue.
   *
   * @param version of the plan
   * @param devices in a round, all of them needed
   */
  static void apply(RunningCoordinator coordinator, Path scratch, int version, int devices)
      throws Exception {
    apply(coordinator, scratch, plan(catalogue(), version, devices, SOON));
  }

  /** The same for one device, until a time; a round that is open then stays so. */
  static void applyUntil(RunningCoordinator coordinator, Path scratch, int version, Instant end)
      throws Exception {
    apply(
        coordinator,
        scratch,
        plan(catalogue(), version, 1, Duration.ofMinutes(10)).withNotAfter(end));
  }

  private static void apply(RunningCoordinator coordinator, Path scratch, TrainingPlan plan)
      throws Exception {
    Path file = scratch.resolve("catalogue");
    Files.write(file, catalogue().toBytes());
    coordinator.api().putCatalogue(file);
    coordinator.apply(plan);
  }

  /** The model with which the plan begins, as an app would bring it along. */
  static BundledModel bundle() {
    TrainingPlan plan = plan(catalogue(), 1, 1, SOON);
    ModelParameters model = ModelParameters.initial(plan.model());
    return BundledModel.of(
        plan.toBytes(), catalogue().toBytes(), model.toBytes(), model.contentHash().toHex());
  }

  private static Catalogue catalogue() {
    List<Catalogue.Item> items = new ArrayList<>();
    for (int i = 0; i < ITEMS; i++) {
      items.add(new Catalogue.Item("item-" + i, "Item " + i));
    }
    return Catalogue.of(items);
  }

  private static TrainingPlan plan(
      Catalogue catalogue, int version, int devices, Duration training) {
    FeatureSchema.Items features =
        new FeatureSchema.Items(
            catalogue.contentHash(), catalogue.size(), 4, Set.of(BehaviourEvent.CLICK));
    return new TrainingPlan(
        new PlanId(ID),
        version,
        ShopApp.POPULATION,
        new ModelSpecification.TwoTower(features.rows(), 8, true, 1),
        features,
        new ClientSettings(ClientSettings.Optimiser.SGD, 0.1, 1, 0, 4, 1, 2, 300, true, 0),
        new CohortSettings(devices, devices, 1),
        new DeadlineSettings(training, Duration.ofSeconds(1), Duration.ofSeconds(1)),
        new ServerOptimiserSettings(ServerOptimiserSettings.Kind.MEAN, 1, 0.9, 0.99, 1e-3),
        new AggregationSettings(
            AggregationSettings.Mode.PLAIN, true, AggregationSettings.Weighting.UNIFORM, 100),
        new EvaluationSettings(0),
        100_000);
  }
}
