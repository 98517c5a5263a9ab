package io.tacit.client.connection;

import com.google.protobuf.ByteString;
import io.tacit.client.TestPlans;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.crypto.IdentityKeyCache;
import io.tacit.protocol.crypto.Transcript;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.PlanArtifact;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.session.SignedAdvertisement;
import io.tacit.protocol.v1.Accepted;
import io.tacit.protocol.v1.AwaitRequest;
import io.tacit.protocol.v1.AwaitResponse;
import io.tacit.protocol.v1.CheckInResponse;
import io.tacit.protocol.v1.PollResponse;
import io.tacit.protocol.v1.RefusalReason;
import io.tacit.protocol.v1.Refused;
import io.tacit.protocol.v1.SessionState;
import io.tacit.protocol.v1.Stage;
import io.tacit.protocol.v1.SubmitRequest;
import io.tacit.protocol.v1.SubmitResponse;

/** Lets a scripted coordinator run rounds of {@link TestPlans} with eight devices. */
public final class ScriptedRound {

  /** Hash of the model that a round publishes. */
  public static final ContentHash NEW_MODEL = ContentHash.of(new byte[] {9});

  private static final SessionId SESSION = SessionId.fromBytes(new byte[16]);
  private static final byte[] TICKET = new byte[32];

  private final ScriptedCoordinator coordinator;

  /** Rounds of this coordinator go their good course until a test says otherwise. */
  public ScriptedRound(ScriptedCoordinator coordinator) {
    this.coordinator = coordinator;
    coordinator.onCheckIn = request -> sessionOffer(0);
    coordinator.onAwait = ScriptedRound::progress;
  }

  private static ByteString bytes(ContentHash hash) {
    return ByteString.copyFrom(hash.toBytes());
  }

  /** Publishes a plan with catalogue and model, and assigns a round of it to who polls. */
  public void offer(TrainingPlan plan, long round) {
    offer(PlanArtifact.unsigned(plan), round);
  }

  /** The same with a plan that may be signed. */
  public void offer(PlanArtifact plan, long round) {
    ModelParameters model = ModelParameters.initial(plan.plan().model());
    coordinator.publish(TestPlans.catalogue().toBytes());
    assign(
        plan.plan().version(),
        round,
        coordinator.publish(plan.toBytes()),
        coordinator.publish(model.toBytes()));
  }

  /** Assigns a round to who polls, whatever these hashes are of. */
  public void assign(int version, long round, ContentHash plan, ContentHash model) {
    coordinator.onPoll =
        request ->
            PollResponse.newBuilder()
                .setAssignment(
                    io.tacit.protocol.v1.Assignment.newBuilder()
                        .setPlanId(TestPlans.ID.value())
                        .setPlanVersion(version)
                        .setPlanHash(bytes(plan))
                        .setRound(round)
                        .setModelHash(bytes(model))
                        .setTrainWithinMillis(300_000))
                .build();
    coordinator.onSubmit = request -> join(request, plan, model, round);
  }

  private static SubmitResponse join(
      SubmitRequest request, ContentHash plan, ContentHash model, long round) {
    boolean isGenuine =
        SignedAdvertisement.of(
                request.getMessage().getBody().toByteArray(),
                request.getMessage().getSignature().toByteArray())
            .verify(
                Transcript.sessionContext(0, SESSION, plan, model, round),
                ClientId.fromBytes(request.getClientId().toByteArray()),
                new IdentityKeyCache(1));
    return isGenuine
        ? SubmitResponse.newBuilder()
            .setAccepted(Accepted.newBuilder().setTicket(ByteString.copyFrom(TICKET)))
            .build()
        : SubmitResponse.newBuilder()
            .setRefused(Refused.newBuilder().setReason(RefusalReason.REFUSAL_REASON_BAD_SIGNATURE))
            .build();
  }

  /** A session of this suite. */
  public static CheckInResponse sessionOffer(int suite) {
    return CheckInResponse.newBuilder()
        .setOffer(
            io.tacit.protocol.v1.SessionOffer.newBuilder()
                .setSessionId(ByteString.copyFrom(SESSION.toBytes()))
                .setSuite(suite)
                .setAdvertiseWithinMillis(10_000)
                .setInputWithinMillis(60_000))
        .build();
  }

  /** The next stage, whatever is known. */
  public static AwaitResponse progress(AwaitRequest request) {
    return request.getKnown() == Stage.STAGE_ADVERTISE
        ? state(SessionState.newBuilder().setStage(Stage.STAGE_INPUT).setRosterSize(8))
        : state(
            SessionState.newBuilder()
                .setStage(Stage.STAGE_COMPLETED)
                .setRosterSize(8)
                .setContributors(7)
                .setNewModelHash(bytes(NEW_MODEL)));
  }

  /** An answer that is this state. */
  public static AwaitResponse state(SessionState.Builder state) {
    return AwaitResponse.newBuilder().setState(state).build();
  }
}
