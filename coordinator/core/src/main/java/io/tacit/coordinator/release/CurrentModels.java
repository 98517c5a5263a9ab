package io.tacit.coordinator.release;

import io.tacit.coordinator.models.ModelRegistry;
import io.tacit.coordinator.plans.PlanRegistry;
import io.tacit.coordinator.plans.RegisteredPlan;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.plan.Release;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What each population recommends with now: of every plan in force, also of one whose rounds are
 * all run, the model that its owner released to the device that asks, and where nothing was
 * released, the newest. Initial parameters are none: nobody has learned anything yet.
 *
 * <p>Where nothing was released, a model is offered from the moment that it is published: a device
 * that heard of the end of its round finds what the round made. All devices ask, so the database is
 * asked for all populations together, once per publication and at most once a second beside,
 * however many calls there are and whatever populations they name. Thread-safe; a call may wait for
 * the database and does not belong on an event loop.
 */
public final class CurrentModels {

  /** How old an answer may be in what other than a publication here changes: plans, releases. */
  static final Duration AGE_MAX = Duration.ofSeconds(1);

  private final PlanRegistry plans;
  private final ModelRegistry models;
  private final ReleaseRegistry releases;
  private final Clock clock;
  private volatile @Nullable Snapshot snapshot;

  /**
   * What was found.
   *
   * @param byPopulation what is offered, in the order of plan ids
   * @param revision of the models before they were read
   * @param readAt before it was read, so that an answer is never older than it seems
   */
  private record Snapshot(Map<String, List<Offer>> byPopulation, long revision, Instant readAt) {

    boolean isFresh(long currentRevision, Instant now) {
      // A clock that was set back makes no answer last longer.
      return revision == currentRevision
          && !now.isBefore(readAt)
          && now.isBefore(readAt.plus(AGE_MAX));
    }
  }

  /**
   * What there is by one plan.
   *
   * @param models by the releases in force, the newest first; one if nothing was released
   */
  private record Offer(RegisteredPlan plan, List<CurrentModel> models) {

    /** Of those that are for the device, the newest. */
    Optional<CurrentModel> to(@Nullable ClientId device) {
      return models.stream().filter(model -> isFor(device, model.release())).findFirst();
    }

    private static boolean isFor(@Nullable ClientId device, Optional<Release> release) {
      return release.isEmpty()
          || release.get().share().isAll()
          || (device != null && release.get().isFor(device));
    }
  }

  /** Over the registries. */
  public CurrentModels(
      PlanRegistry plans, ModelRegistry models, ReleaseRegistry releases, Clock clock) {
    this.plans = plans;
    this.models = models;
    this.releases = releases;
    this.clock = clock;
  }

  /** The current models of a population for a device that nobody knows: what is for all. */
  public List<CurrentModel> of(String population, Set<String> modelKinds) {
    return of(population, modelKinds, null);
  }

  /**
   * The current models of a population for a device.
   *
   * @param population any name; one that has no plans has no models
   * @param modelKinds that the device can recommend with
   * @param device which it is; null if it has not proved that, and then it is in no share
   * @return by plan id, the first {@link WireLimits#CURRENT_MODELS_MAX}
   */
  public List<CurrentModel> of(
      String population, Set<String> modelKinds, @Nullable ClientId device) {
    return fresh().byPopulation().getOrDefault(population, List.of()).stream()
        .filter(offer -> modelKinds.contains(offer.plan().plan().model().kind()))
        .flatMap(offer -> offer.to(device).stream())
        .limit(WireLimits.CURRENT_MODELS_MAX)
        .toList();
  }

  private Snapshot fresh() {
    Snapshot present = snapshot;
    return present != null && present.isFresh(models.revision(), clock.instant())
        ? present
        : read();
  }

  /** Of many calls that find the snapshot outdated, the first reads and the others wait for it. */
  private synchronized Snapshot read() {
    // Before reading: a version that comes meanwhile makes the answer outdated, not lost.
    long revision = models.revision();
    Instant now = clock.instant();
    Snapshot present = snapshot;
    if (present != null && present.isFresh(revision, now)) {
      return present;
    }
    List<Offer> found = new ArrayList<>();
    for (RegisteredPlan plan : plans.list()) {
      found.add(new Offer(plan, current(plan)));
    }
    Snapshot read =
        new Snapshot(
            found.stream()
                .collect(Collectors.groupingBy(offer -> offer.plan().plan().population())),
            revision,
            now);
    snapshot = read;
    return read;
  }

  private List<CurrentModel> current(RegisteredPlan plan) {
    PlanId id = plan.plan().id();
    List<ReleasedModel> inForce = releases.inForce(id);
    if (inForce.isEmpty()) {
      return models
          .latest(id)
          .filter(version -> version.round() > 0)
          .map(version -> new CurrentModel(plan, version, Optional.empty()))
          .stream()
          .toList();
    }
    List<CurrentModel> current = new ArrayList<>();
    for (ReleasedModel released : inForce) {
      models
          .find(id, released.release().modelVersion())
          .map(version -> new CurrentModel(plan, version, Optional.of(released.release())))
          .ifPresent(current::add);
    }
    return current;
  }
}
