package io.tacit.simulation.inprocess;

import io.tacit.client.connection.ArtifactSink;
import io.tacit.client.connection.Assignment;
import io.tacit.client.connection.AwaitOutcome;
import io.tacit.client.connection.CheckIn;
import io.tacit.client.connection.CheckInOutcome;
import io.tacit.client.connection.ComeBack;
import io.tacit.client.connection.ConnectionException;
import io.tacit.client.connection.CoordinatorConnection;
import io.tacit.client.connection.CurrentModel;
import io.tacit.client.connection.DownloadOutcome;
import io.tacit.client.connection.Membership;
import io.tacit.client.connection.PollOutcome;
import io.tacit.client.connection.Publication;
import io.tacit.client.connection.Refusal;
import io.tacit.client.connection.SessionOffer;
import io.tacit.client.connection.SessionState;
import io.tacit.client.connection.StageMessage;
import io.tacit.client.connection.SubmitOutcome;
import io.tacit.client.connection.Ticket;
import io.tacit.client.connection.Upload;
import io.tacit.client.connection.UploadOutcome;
import io.tacit.client.connection.UploadStatus;
import io.tacit.coordinator.models.ArtifactStore;
import io.tacit.coordinator.models.StoredArtifact;
import io.tacit.coordinator.release.CurrentModels;
import io.tacit.coordinator.rounds.Rounds;
import io.tacit.coordinator.sessions.BusyException;
import io.tacit.coordinator.sessions.Publication.OfInbox;
import io.tacit.coordinator.sessions.Publication.OfRoster;
import io.tacit.coordinator.sessions.Publication.OfSignatures;
import io.tacit.coordinator.sessions.Publication.OfSurvivors;
import io.tacit.coordinator.sessions.SessionProgress;
import io.tacit.coordinator.sessions.Sessions;
import io.tacit.coordinator.sessions.UploadAdmission;
import io.tacit.coordinator.sessions.UploadState;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.Stage;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.session.SignedAdvertisement;
import io.tacit.protocol.session.SignedKeyShares;
import io.tacit.protocol.session.SignedRevealedShares;
import io.tacit.protocol.session.SurvivorSignature;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/** The coordinator's doors as a device sees them, by method calls instead of a network. */
final class DirectConnection implements CoordinatorConnection {

  private final Rounds rounds;
  private final Sessions sessions;
  private final CurrentModels currentModels;
  private final ArtifactStore artifacts;

  DirectConnection(
      Rounds rounds, Sessions sessions, CurrentModels currentModels, ArtifactStore artifacts) {
    this.rounds = rounds;
    this.sessions = sessions;
    this.currentModels = currentModels;
    this.artifacts = artifacts;
  }

  @Override
  public PollOutcome poll(String population, ClientId client, Set<String> modelKinds) {
    io.tacit.coordinator.rounds.PollOutcome outcome = rounds.poll(population, client, modelKinds);
    if (outcome instanceof io.tacit.coordinator.rounds.PollOutcome.Assignment work) {
      return new Assignment(
          work.round(), work.planVersion(), work.planHash(), work.modelHash(), work.trainWithin());
    }
    return comeBack((io.tacit.coordinator.rounds.ComeBack) outcome);
  }

  @Override
  public List<CurrentModel> currentModels(String population, Set<String> modelKinds) {
    return currentModels.of(population, modelKinds).stream()
        .map(
            current ->
                new CurrentModel(
                    current.model().plan(),
                    current.plan().plan().version(),
                    current.plan().hash(),
                    current.model().version(),
                    current.model().hash(),
                    current.release()))
        .toList();
  }

  @Override
  public CheckInOutcome checkIn(ClientId client, CheckIn checkIn) {
    io.tacit.coordinator.rounds.CheckInOutcome outcome =
        rounds.checkIn(checkIn.round(), checkIn.planHash(), checkIn.modelHash(), client);
    if (outcome instanceof io.tacit.coordinator.rounds.CheckInOutcome.Offer offer) {
      return new SessionOffer(
          offer.session(), offer.suite(), offer.advertiseWithin(), offer.inputWithin());
    }
    return comeBack((io.tacit.coordinator.rounds.ComeBack) outcome);
  }

  @Override
  public SubmitOutcome advertise(
      SessionId session, ClientId client, SignedAdvertisement advertisement)
      throws ConnectionException {
    io.tacit.coordinator.sessions.SubmitOutcome outcome =
        join(sessions.advertise(session, client, advertisement));
    if (outcome instanceof io.tacit.coordinator.sessions.SubmitOutcome.Durable durable) {
      return new SubmitOutcome.Joined(Ticket.fromBytes(durable.ticket()));
    }
    return refusal((io.tacit.coordinator.sessions.Refusal) outcome);
  }

  @Override
  public SubmitOutcome submit(Membership membership, StageMessage message)
      throws ConnectionException {
    io.tacit.coordinator.sessions.SubmitOutcome outcome = join(submission(membership, message));
    return outcome instanceof io.tacit.coordinator.sessions.Refusal refused
        ? refusal(refused)
        : new SubmitOutcome.Stored();
  }

  private CompletionStage<io.tacit.coordinator.sessions.SubmitOutcome> submission(
      Membership membership, StageMessage message) {
    SessionId session = membership.session();
    ClientId client = membership.client();
    return switch (message.stage()) {
      case SHARE_KEYS ->
          sessions.shareKeys(
              session, client, SignedKeyShares.of(message.body(), message.signature()));
      case CONSISTENCY ->
          sessions.signSurvivors(
              session, client, SurvivorSignature.of(message.body(), message.signature()));
      case UNMASK ->
          sessions.revealShares(
              session, client, SignedRevealedShares.of(message.body(), message.signature()));
      case ADVERTISE, INPUT, COMPLETED, ABORTED ->
          throw new IllegalArgumentException(
              "stage is " + message.stage() + ", must be SHARE_KEYS, CONSISTENCY or UNMASK");
    };
  }

  @Override
  public UploadOutcome upload(Membership membership, Upload upload, long offset, Duration within)
      throws ConnectionException {
    UploadAdmission admission =
        sessions.admitUpload(
            membership.session(),
            membership.client(),
            membership.ticket().toBytes(),
            upload.size(),
            upload.hash());
    if (admission instanceof UploadAdmission.Denied denied) {
      return refusal(denied.refusal());
    }
    io.tacit.coordinator.sessions.SubmitOutcome outcome =
        join(((UploadAdmission.Admitted) admission).whole(upload.bytes()));
    return outcome instanceof io.tacit.coordinator.sessions.Refusal refused
        ? refusal(refused)
        : new UploadOutcome.Stored();
  }

  @Override
  public UploadStatus uploadStatus(Membership membership) throws ConnectionException {
    UploadState state =
        join(
            sessions.uploadState(
                membership.session(), membership.client(), membership.ticket().toBytes()));
    if (state instanceof UploadState.Partial partial) {
      return new UploadStatus.Partial(partial.offset(), partial.sha256SoFar());
    } else if (state instanceof UploadState.Unavailable unavailable) {
      return refusal(unavailable.refusal());
    }
    return new UploadStatus.Stored();
  }

  @Override
  public AwaitOutcome await(Membership membership, Stage known, Duration hold)
      throws ConnectionException {
    Optional<CompletableFuture<io.tacit.coordinator.sessions.AwaitOutcome>> answer =
        sessions.await(
            membership.session(), membership.client(), membership.ticket().toBytes(), known, hold);
    if (answer.isEmpty()) {
      throw new ConnectionException(
          ConnectionException.Reason.TOO_BUSY, "too many calls of Await are held");
    }
    io.tacit.coordinator.sessions.AwaitOutcome outcome = join(answer.get());
    return outcome instanceof SessionProgress progress
        ? state(progress)
        : refusal((io.tacit.coordinator.sessions.Refusal) outcome);
  }

  @Override
  public void abort(Membership membership, String code, int accused) {
    sessions.abort(
        membership.session(), membership.client(), membership.ticket().toBytes(), accused);
  }

  @Override
  public DownloadOutcome download(
      ContentHash hash, long offset, long bytesMax, Duration within, ArtifactSink sink)
      throws ConnectionException {
    Optional<StoredArtifact> found = artifacts.open(hash);
    if (found.isEmpty()) {
      return new DownloadOutcome.NotFound();
    }
    try (StoredArtifact artifact = found.get()) {
      if (artifact.length() > bytesMax) {
        throw new ConnectionException(
            ConnectionException.Reason.TOO_LARGE,
            "artifact has " + artifact.length() + " bytes, must have at most " + bytesMax);
      }
      ByteBuffer chunk = ByteBuffer.allocate(WireLimits.CHUNK_BYTES_MAX);
      for (long from = offset; from < artifact.length(); from += chunk.limit()) {
        artifact.read(chunk.clear(), from);
        sink.accept(chunk.flip().asReadOnlyBuffer());
      }
      return new DownloadOutcome.Complete(artifact.length());
    }
  }

  /** The coordinator belongs to whoever made it. */
  @Override
  public void close() {}

  private static SessionState state(SessionProgress progress) {
    return new SessionState(
        progress.stage(),
        progress.rosterSize(),
        progress.contributors(),
        progress.newModel(),
        progress.abortReason(),
        progress.published() == null ? null : publication(progress.published()),
        progress.recordHash());
  }

  private static Publication publication(io.tacit.coordinator.sessions.Publication published) {
    if (published instanceof OfRoster roster) {
      return Publication.of(Stage.SHARE_KEYS, roster.roster().toBytes());
    } else if (published instanceof OfInbox inbox) {
      return Publication.of(Stage.INPUT, inbox.inbox().toBytes());
    } else if (published instanceof OfSurvivors survivors) {
      return Publication.of(Stage.CONSISTENCY, survivors.survivors().toBytes());
    }
    return Publication.of(Stage.UNMASK, ((OfSignatures) published).signatures().toBytes());
  }

  private static ComeBack comeBack(io.tacit.coordinator.rounds.ComeBack comeBack) {
    return new ComeBack(comeBack.after(), ComeBack.Reason.valueOf(comeBack.reason().name()));
  }

  private static Refusal refusal(io.tacit.coordinator.sessions.Refusal refusal) {
    return new Refusal(Refusal.Reason.valueOf(refusal.reason().name()), refusal.detail());
  }

  private static <T> T join(CompletionStage<T> stage) throws ConnectionException {
    try {
      return stage.toCompletableFuture().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectionException(
          ConnectionException.Reason.INTERRUPTED, "the device was stopped", null, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof BusyException busy) {
        throw new ConnectionException(
            ConnectionException.Reason.TOO_BUSY, String.valueOf(busy.getMessage()), null, busy);
      }
      throw new CompletionException(e.getCause());
    }
  }
}
