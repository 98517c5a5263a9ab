package io.tacit.client.rounds;

import io.tacit.client.connection.ArtifactFetcher;
import io.tacit.client.connection.Assignment;
import io.tacit.client.connection.ConnectionException;
import io.tacit.client.connection.CoordinatorConnection;
import io.tacit.client.policy.ClientPolicy;
import io.tacit.client.rounds.PolicyCheck.Objection;
import io.tacit.client.storage.RoundLatch;
import io.tacit.client.trust.PlanObjection;
import io.tacit.client.trust.PlanTrust;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.FeatureSchema;
import io.tacit.protocol.plan.InvalidPlanException;
import io.tacit.protocol.plan.PlanArtifact;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns one assignment into work, or into an objection. Checks first, fetches then. Used once. */
final class WorkPreparation {

  private final CoordinatorConnection connection;
  private final ArtifactCache cache;
  private final Pacing pacing;
  private final Pacing.Deadline deadline;
  private long bytesDown;

  WorkPreparation(
      CoordinatorConnection connection,
      ArtifactCache cache,
      Pacing pacing,
      Pacing.Deadline deadline) {
    this.connection = connection;
    this.cache = cache;
    this.pacing = pacing;
    this.deadline = deadline;
  }

  /** How an attempt to accept an assignment ends. */
  sealed interface Outcome {

    /** The device will do it. */
    record Accepted(Work work) implements Outcome {}

    /** It will not. */
    record Declined(Objection objection) implements Outcome {}
  }

  /** Thrown inside this class only, to leave its nested steps with an objection. */
  private static final class ObjectionException extends Exception {

    private static final long serialVersionUID = 1;
    private final transient Objection objection;

    ObjectionException(DeclineReason reason, String detail) {
      this(new Objection(reason, detail));
    }

    ObjectionException(Objection objection) {
      super(objection.detail());
      this.objection = objection;
    }
  }

  Outcome prepare(Assignment assignment, ParticipantSettings settings, Device device)
      throws ConnectionException, IOException {
    RoundLatch latch = device.latch();
    try {
      requireNew(assignment, latch);
      PlanArtifact artifact =
          fetch(
              "plan",
              assignment.planHash(),
              PlanArtifact.class,
              WireLimits.PLAN_BYTES_MAX,
              PlanArtifact::fromBytes);
      TrainingPlan plan = artifact.plan();
      requireAllowed(assignment, plan, settings, device);
      requireTrusted(artifact, new PlanTrust(settings.policy(), latch));
      requireBudget(plan, settings.policy(), latch);
      Catalogue catalogue = fetchCatalogue(plan);
      ModelParameters model = fetchModel(assignment, plan);
      return new Outcome.Accepted(new Work(assignment, plan, catalogue, model, bytesDown));
    } catch (ObjectionException e) {
      return new Outcome.Declined(e.objection);
    }
  }

  private static void requireNew(Assignment assignment, RoundLatch latch)
      throws IOException, ObjectionException {
    int seen = latch.planVersionSeen(assignment.round().plan());
    if (assignment.planVersion() < seen) {
      throw new ObjectionException(
          DeclineReason.PLAN_VERSION_LOWER,
          "plan "
              + assignment.round().plan()
              + " has version "
              + assignment.planVersion()
              + ", this device has seen "
              + seen
              + "; apply the plan with a higher version");
    }
    if (!latch.isOpen(assignment.round())) {
      throw new ObjectionException(
          DeclineReason.UPDATE_SPENT,
          "round " + assignment.round() + " or a later one has this device's update already");
    }
  }

  private static void requireAllowed(
      Assignment assignment, TrainingPlan plan, ParticipantSettings settings, Device device)
      throws ObjectionException {
    if (!plan.id().equals(assignment.round().plan())
        || plan.version() != assignment.planVersion()) {
      throw new ObjectionException(
          DeclineReason.ARTIFACT_INVALID,
          "plan is "
              + plan.id()
              + " version "
              + plan.version()
              + ", announced was "
              + assignment.round().plan()
              + " version "
              + assignment.planVersion());
    }
    if (!plan.population().equals(settings.population())) {
      throw new ObjectionException(
          DeclineReason.POLICY_POPULATION,
          "plan "
              + plan.id()
              + " is for population "
              + plan.population()
              + ", this app is in "
              + settings.population());
    }
    Optional<Objection> objection =
        PolicyCheck.objectionTo(plan, settings.policy(), device.trust().hasAuthority());
    if (objection.isPresent()) {
      throw new ObjectionException(objection.get());
    }
  }

  private static void requireTrusted(PlanArtifact artifact, PlanTrust trust)
      throws IOException, ObjectionException {
    Optional<PlanObjection> objection = trust.objectionTo(artifact);
    if (objection.isPresent()) {
      DeclineReason reason =
          switch (objection.get().reason()) {
            case UNSIGNED -> DeclineReason.PLAN_UNSIGNED;
            case FOREIGN_KEY -> DeclineReason.PLAN_FOREIGN_KEY;
            // A plan is for all devices.
            case ALTERED, FOR_OTHERS -> DeclineReason.PLAN_ALTERED;
            case EXPIRED -> DeclineReason.PLAN_EXPIRED;
            case OLDER_THAN_SEEN -> DeclineReason.PLAN_VERSION_LOWER;
          };
      throw new ObjectionException(reason, objection.get().detail());
    }
  }

  private static void requireBudget(TrainingPlan plan, ClientPolicy policy, RoundLatch latch)
      throws IOException, ObjectionException {
    Optional<Objection> objection = PolicyCheck.objectionToSpending(plan, policy, latch);
    if (objection.isPresent()) {
      throw new ObjectionException(objection.get());
    }
  }

  private @Nullable Catalogue fetchCatalogue(TrainingPlan plan)
      throws ConnectionException, IOException, ObjectionException {
    if (!(plan.features() instanceof FeatureSchema.Items items)) {
      return null;
    }
    return fetch(
        "catalogue",
        items.catalogueHash(),
        Catalogue.class,
        WireLimits.CATALOGUE_BYTES_MAX,
        Catalogue::fromBytes);
  }

  private ModelParameters fetchModel(Assignment assignment, TrainingPlan plan)
      throws ConnectionException, IOException, ObjectionException {
    int parameters = plan.parameters();
    ModelParameters model =
        fetch(
            "model",
            assignment.modelHash(),
            ModelParameters.class,
            (int) ModelParameters.fileBytes(parameters),
            bytes -> ModelParameters.fromBytes(bytes, parameters));
    if (model.size() != parameters) {
      // Possible with a cached model that another plan brought.
      throw new ObjectionException(
          DeclineReason.ARTIFACT_INVALID,
          "model has " + model.size() + " parameters, the plan's has " + parameters);
    }
    return model;
  }

  private <T> T fetch(
      String what, ContentHash hash, Class<T> type, int bytesMax, Function<byte[], T> decode)
      throws ConnectionException, IOException, ObjectionException {
    Optional<T> artifact;
    try {
      artifact = cache.get(hash, type, () -> load(hash, bytesMax, decode));
    } catch (IllegalArgumentException e) {
      if (e instanceof InvalidPlanException plan && plan.isNewer()) {
        throw new ObjectionException(DeclineReason.PLAN_TOO_NEW, plan.finding());
      }
      throw new ObjectionException(
          DeclineReason.ARTIFACT_INVALID, what + " " + hash + " is unusable: " + e.getMessage());
    }
    if (!artifact.isPresent()) {
      throw new ObjectionException(
          DeclineReason.ARTIFACT_MISSING,
          "the coordinator has no " + what + " " + hash + "; poll again");
    }
    return artifact.get();
  }

  private <T> Optional<ArtifactCache.Loaded<T>> load(
      ContentHash hash, int bytesMax, Function<byte[], T> decode)
      throws ConnectionException, IOException {
    Optional<byte[]> here = cache.stored(hash);
    if (here.isPresent() && here.get().length <= bytesMax) {
      return here.map(content -> new ArtifactCache.Loaded<>(decode.apply(content), content.length));
    }
    ArtifactFetcher fetcher = new ArtifactFetcher(connection, hash, bytesMax);
    Optional<byte[]> bytes = pacing.call(deadline, () -> fetcher.fetch(deadline.remaining()));
    bytesDown += fetcher.bytesReceived();
    return bytes.map(content -> new ArtifactCache.Loaded<>(decode.apply(content), content.length));
  }
}
