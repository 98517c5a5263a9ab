package io.tacit.simulation.population;

import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.behaviour.BehaviourStore;
import io.tacit.client.model.UserVector;
import io.tacit.client.recommend.InstallOutcome;
import io.tacit.client.recommend.ModelStore;
import io.tacit.client.recommend.Recommendation;
import io.tacit.client.recommend.Recommender;
import io.tacit.client.rounds.LeavingUpdate;
import io.tacit.client.rounds.ParticipationOutcome;
import io.tacit.client.rounds.RoundObserver;
import io.tacit.client.rounds.RoundParticipant;
import io.tacit.client.rounds.RoundStep;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.client.storage.StoredUserVectors;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.RoundId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * A device of a simulation. Its files are opened when they are needed, so that it costs a few
 * kilobytes while it idles. One thread at a time.
 */
public final class VirtualDevice {

  private final int user;
  private final DeviceStorage storage;
  private final BehaviourStore behaviour;
  private final RoundParticipant participant;
  private final RoundObserver observer;

  VirtualDevice(
      int user,
      DeviceStorage storage,
      BehaviourStore behaviour,
      RoundParticipant participant,
      RoundObserver observer) {
    this.user = user;
    this.storage = storage;
    this.behaviour = behaviour;
    this.participant = participant;
    this.observer = observer;
  }

  /** Index, in the split, of the user whose behaviour it has. */
  public int user() {
    return user;
  }

  /** Asks for work once and does it; empty if its app was closed meanwhile. */
  public Optional<ParticipationOutcome> participate() throws IOException {
    return participate(observer);
  }

  /**
   * The same, and tells when the device has work, before it fetches and trains.
   *
   * @param assigned run on this thread; the device waits for it
   */
  public Optional<ParticipationOutcome> participate(Runnable assigned) throws IOException {
    RoundObserver both =
        new RoundObserver() {
          @Override
          public void reached(RoundId round, RoundStep step) {
            observer.reached(round, step);
            if (step == RoundStep.ASSIGNED) {
              assigned.run();
            }
          }

          @Override
          public void leaving(LeavingUpdate update) throws IOException {
            observer.leaving(update);
          }
        };
    return participate(both);
  }

  private Optional<ParticipationOutcome> participate(RoundObserver watching) throws IOException {
    try {
      return Optional.of(participant.participate(watching));
    } catch (ClosedAppException | CancellationException e) {
      return Optional.empty();
    }
  }

  /** The private user vector that training left on the device, if the model has one. */
  public Optional<UserVector> userVector(PlanId plan) throws IOException {
    return new StoredUserVectors(storage).find(plan);
  }

  /** Records what its person did, as an app would. */
  public void record(List<BehaviourEvent> events) throws IOException {
    behaviour.record(events);
  }

  /** Installs a model on the device and recommends with it, as an app would. */
  public List<Recommendation> recommend(ModelFiles files, int count) throws IOException {
    ModelStore models = ModelStore.open(storage);
    InstallOutcome outcome =
        models.install(files.plan(), files.catalogue(), files.model(), files.modelHash());
    if (outcome instanceof InstallOutcome.Refused refused) {
      throw new IOException("the device refuses the model: " + refused.detail());
    }
    return new Recommender(models, behaviour, new StoredUserVectors(storage)).recommend(count);
  }
}
