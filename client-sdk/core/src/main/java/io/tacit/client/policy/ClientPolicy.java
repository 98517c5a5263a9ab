package io.tacit.client.policy;

import io.tacit.protocol.Internal;
import io.tacit.protocol.crypto.TaskKey;
import java.util.Collections;
import java.util.List;

/**
 * What an app allows to happen with its users' updates and devices, whatever a coordinator asks
 * for.
 *
 * <p>Guarantee: work outside these bounds is declined before anything is trained or sent.
 * Immutable; each method returns a changed copy.
 */
public final class ClientPolicy {

  private static final double CLIP_NORM_MAX = 10_000;

  /** Devices whose updates are added before anybody sees a sum, unless the app says otherwise. */
  private static final int COHORT_MINIMUM = 32;

  /** Training must leave the app itself the greater part of the memory. */
  private static final int MEMORY_SHARE = 3;

  private final boolean development;
  private final double clipNormMax;
  private final int cohortMinimum;
  private final long trainingBytesMax;
  private final List<TaskKey> taskKeys;
  private final double epsilonModelsMax;
  private final double epsilonCoordinatorMax;
  private final boolean metrics;

  private ClientPolicy(
      boolean development,
      double clipNormMax,
      int cohortMinimum,
      long trainingBytesMax,
      List<TaskKey> taskKeys,
      double epsilonModelsMax,
      double epsilonCoordinatorMax,
      boolean metrics) {
    this.development = development;
    this.clipNormMax = clipNormMax;
    this.cohortMinimum = cohortMinimum;
    this.trainingBytesMax = trainingBytesMax;
    this.taskKeys = taskKeys;
    this.epsilonModelsMax = epsilonModelsMax;
    this.epsilonCoordinatorMax = epsilonCoordinatorMax;
    this.metrics = metrics;
  }

  /**
   * For apps in people's hands: updates never travel in the clear, and only with those of 31 other
   * devices at the least. Training may take a third of the heap that the process can have.
   */
  public static ClientPolicy production() {
    return new ClientPolicy(
        false,
        CLIP_NORM_MAX,
        COHORT_MINIMUM,
        Runtime.getRuntime().maxMemory() / MEMORY_SHARE,
        List.of(),
        Double.POSITIVE_INFINITY,
        Double.POSITIVE_INFINITY,
        true);
  }

  /**
   * For development and simulations: allows mode PLAIN, in which the coordinator sees updates, and
   * cohorts of any size that the plan's mode has.
   */
  public static ClientPolicy development() {
    return production().withCohortMinimum(1).with(true, CLIP_NORM_MAX);
  }

  /**
   * The same with a bound on how long an update may be.
   *
   * @param norm largest {@code client.clip-norm} of a plan, positive
   */
  public ClientPolicy withClipNormMax(double norm) {
    if (!(norm > 0 && norm <= CLIP_NORM_MAX)) {
      throw new IllegalArgumentException(
          "clip norm bound is " + norm + ", must be above 0 and at most " + CLIP_NORM_MAX);
    }
    return with(development, norm);
  }

  /**
   * The same with a bound on how small a crowd an update may hide in. With secure aggregation that
   * is never below 10, whatever is said here.
   *
   * @param devices smallest {@code aggregation.shards.minimum} of a plan, smallest {@code
   *     cohort.minimum} of one without secure aggregation, at least 1
   */
  public ClientPolicy withCohortMinimum(int devices) {
    if (devices < 1) {
      throw new IllegalArgumentException("cohort minimum is " + devices + ", must be at least 1");
    }
    return new ClientPolicy(
        development,
        clipNormMax,
        devices,
        trainingBytesMax,
        taskKeys,
        epsilonModelsMax,
        epsilonCoordinatorMax,
        metrics);
  }

  /**
   * The same with a bound on the memory that training may take.
   *
   * @param bytes at least 1 MiB
   */
  public ClientPolicy withTrainingBytesMax(long bytes) {
    if (bytes < 1 << 20) {
      throw new IllegalArgumentException(
          "training memory is " + bytes + " bytes, must be at least " + (1 << 20));
    }
    return with(bytes, taskKeys);
  }

  /**
   * The same for plans of certain owners: no other plan is followed, in development neither.
   * Without this, only plans that say development are, and only by apps that say so too.
   *
   * @param pem public task keys in PEM, as {@code tacit key show} prints them; several while keys
   *     are rotated
   */
  public ClientPolicy withTaskKeys(String pem) {
    return with(trainingBytesMax, TaskKey.fromPem(pem));
  }

  /**
   * The same with a bound on what all updates of this device together may let be learnt about it,
   * over all plans, as {@link io.tacit.client.ledger.PrivacyTotals} adds it up: work that would go
   * beyond either epsilon is declined, and so is every plan without noise. Without this, only the
   * plans' own caps bound it.
   *
   * @param models against whoever sees the models, above 0; infinite for no bound
   * @param coordinator against the coordinator, above 0; infinite for no bound
   */
  public ClientPolicy withEpsilonMax(double models, double coordinator) {
    if (!(models > 0 && coordinator > 0)) {
      throw new IllegalArgumentException(
          "epsilon bounds are "
              + models
              + " and "
              + coordinator
              + ", must be above 0; 1 to 8 are usual against the models");
    }
    return new ClientPolicy(
        development,
        clipNormMax,
        cohortMinimum,
        trainingBytesMax,
        taskKeys,
        models,
        coordinator,
        metrics);
  }

  /**
   * The same with a word on metrics: whether devices tell, where a plan asks, how well its models
   * do on examples that they hold back. They tell it once per model, inside the sum over a group of
   * devices, under the same masks as the update; with differential privacy it has noise of its own
   * and counts in the same ledger, without it the sums are exact. That is less than an update says,
   * so it is allowed unless the app says otherwise.
   *
   * @param allowed false where people were told that nothing but training happens: the device then
   *     takes part, trains under every plan, and sends zeros in place of what it would have
   *     measured; with noise nobody can tell, and the ledger counts as if it had
   */
  public ClientPolicy withMetrics(boolean allowed) {
    return new ClientPolicy(
        development,
        clipNormMax,
        cohortMinimum,
        trainingBytesMax,
        taskKeys,
        epsilonModelsMax,
        epsilonCoordinatorMax,
        allowed);
  }

  private ClientPolicy with(boolean isDevelopment, double norm) {
    return new ClientPolicy(
        isDevelopment,
        norm,
        cohortMinimum,
        trainingBytesMax,
        taskKeys,
        epsilonModelsMax,
        epsilonCoordinatorMax,
        metrics);
  }

  private ClientPolicy with(long trainingBytes, List<TaskKey> keys) {
    return new ClientPolicy(
        development,
        clipNormMax,
        cohortMinimum,
        trainingBytes,
        keys,
        epsilonModelsMax,
        epsilonCoordinatorMax,
        metrics);
  }

  /** Whose plans are followed; empty if no key is pinned. */
  @Internal
  public List<TaskKey> taskKeys() {
    return Collections.unmodifiableList(taskKeys);
  }

  /** Whether updates may travel in the clear, where the plan says development too. */
  public boolean isDevelopment() {
    return development;
  }

  /** Largest {@code client.clip-norm} of a plan. */
  public double clipNormMax() {
    return clipNormMax;
  }

  /** How many devices a sum must be of at the least. */
  public int cohortMinimum() {
    return cohortMinimum;
  }

  /** Bytes of heap that training may take. */
  public long trainingBytesMax() {
    return trainingBytesMax;
  }

  /** Largest epsilon against whoever sees the models; infinite for no bound. */
  public double epsilonModelsMax() {
    return epsilonModelsMax;
  }

  /** Largest epsilon against the coordinator; infinite for no bound. */
  public double epsilonCoordinatorMax() {
    return epsilonCoordinatorMax;
  }

  /** Whether the device may tell how well models do on it. */
  public boolean allowsMetrics() {
    return metrics;
  }

  /** Whether one of them is bounded. */
  @Internal
  public boolean hasEpsilonMax() {
    return Math.min(epsilonModelsMax, epsilonCoordinatorMax) < Double.POSITIVE_INFINITY;
  }

  @Override
  public String toString() {
    return "ClientPolicy[development "
        + development
        + ", clip norm at most "
        + clipNormMax
        + ", cohort at least "
        + cohortMinimum
        + ", training in at most "
        + trainingBytesMax
        + " bytes, task keys "
        + taskKeys
        + ", epsilon at most "
        + epsilonModelsMax
        + " and "
        + epsilonCoordinatorMax
        + (metrics ? "" : ", no metrics")
        + "]";
  }
}
