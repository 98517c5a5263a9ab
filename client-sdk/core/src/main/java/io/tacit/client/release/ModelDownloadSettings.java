package io.tacit.client.release;

import io.tacit.protocol.Names;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.model.ModelParameters;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which model a device wants, and how much it takes for it. Immutable. */
public final class ModelDownloadSettings {

  private static final int MODEL_BYTES_MAX =
      (int) ModelParameters.fileBytes(WireLimits.PARAMETERS_MAX);

  private static final Duration WITHIN_MAX = Duration.ofHours(1);

  private final String population;
  private final @Nullable PlanId plan;
  private final int catalogueBytesMax;
  private final int modelBytesMax;
  private final Duration within;

  private ModelDownloadSettings(
      String population,
      @Nullable PlanId plan,
      int catalogueBytesMax,
      int modelBytesMax,
      Duration within) {
    this.population = population;
    this.plan = plan;
    this.catalogueBytesMax = catalogueBytesMax;
    this.modelBytesMax = modelBytesMax;
    this.within = within;
  }

  /**
   * The first model over items that a population has, as large as the contract allows, within ten
   * minutes.
   *
   * @param population of the app
   */
  public static ModelDownloadSettings of(String population) {
    return new ModelDownloadSettings(
        Names.check("population", population),
        null,
        WireLimits.CATALOGUE_BYTES_MAX,
        MODEL_BYTES_MAX,
        Duration.ofMinutes(10));
  }

  /** The same for the model of one plan only. */
  public ModelDownloadSettings withPlan(PlanId plan) {
    return new ModelDownloadSettings(population, plan, catalogueBytesMax, modelBytesMax, within);
  }

  /**
   * The same with other bounds on what is downloaded, which is held in memory until it is checked.
   *
   * @param catalogueBytes 1 to 64 MiB
   * @param modelBytes 1 to what a model of 16 Mi parameters takes
   */
  public ModelDownloadSettings withBytesMax(int catalogueBytes, int modelBytes) {
    requireWithin("catalogue bytes", catalogueBytes, WireLimits.CATALOGUE_BYTES_MAX);
    requireWithin("model bytes", modelBytes, MODEL_BYTES_MAX);
    return new ModelDownloadSettings(population, plan, catalogueBytes, modelBytes, within);
  }

  /**
   * The same with another bound on how long the downloads may take together.
   *
   * @param duration above 0, at most an hour
   */
  public ModelDownloadSettings within(Duration duration) {
    if (duration.isZero() || duration.isNegative() || duration.compareTo(WITHIN_MAX) > 0) {
      throw new IllegalArgumentException(
          "downloads may take "
              + duration.toMillis()
              + " ms, must be above 0 and at most "
              + WITHIN_MAX.toMillis());
    }
    return new ModelDownloadSettings(population, plan, catalogueBytesMax, modelBytesMax, duration);
  }

  private static void requireWithin(String what, int value, int max) {
    if (value < 1 || value > max) {
      throw new IllegalArgumentException(
          "bound on " + what + " is " + value + ", must be 1 to " + max);
    }
  }

  String population() {
    return population;
  }

  Optional<PlanId> plan() {
    return Optional.ofNullable(plan);
  }

  int catalogueBytesMax() {
    return catalogueBytesMax;
  }

  int modelBytesMax() {
    return modelBytesMax;
  }

  Duration within() {
    return within;
  }

  @Override
  public String toString() {
    return "ModelDownloadSettings[" + population + ", " + (plan == null ? "any plan" : plan) + "]";
  }
}
