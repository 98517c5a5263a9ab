package io.tacit.client.connection;

import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.Stage;
import io.tacit.protocol.session.SignedAdvertisement;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What a device can ask of a coordinator. Every call blocks, ends by a deadline, and may be
 * repeated after any failure: all are idempotent on (session, client, stage). Thread-safe, and
 * meant to be shared by thousands of devices, which is why each call says for whom it is.
 *
 * <p>An outcome of the protocol, also an unwelcome one, is a return value. A {@link
 * ConnectionException} says that there was no answer, or none that this build understands.
 */
public interface CoordinatorConnection extends AutoCloseable {

  /**
   * Asks for work.
   *
   * @param population name of the app's population
   * @param client who asks
   * @param modelKinds kinds of {@link io.tacit.protocol.model.ModelSpecification} that it can train
   */
  PollOutcome poll(String population, ClientId client, Set<String> modelKinds)
      throws ConnectionException;

  /**
   * Asks which models a population recommends with now. Needs no identity and no round.
   *
   * @param population name of the app's population
   * @param modelKinds kinds of {@link io.tacit.protocol.model.ModelSpecification} wanted, at most
   *     {@link io.tacit.protocol.WireLimits#MODEL_KINDS_MAX}
   * @return one for each plan, by plan id in ascending order, at most {@link
   *     io.tacit.protocol.WireLimits#CURRENT_MODELS_MAX}; empty if there are none
   */
  List<CurrentModel> currentModels(String population, Set<String> modelKinds)
      throws ConnectionException;

  /** Offers a finished update for the assignment and asks for a session to bring it to. */
  CheckInOutcome checkIn(ClientId client, CheckIn checkIn) throws ConnectionException;

  /** Joins the roster of a session with a signed advertisement. */
  SubmitOutcome advertise(SessionId session, ClientId client, SignedAdvertisement advertisement)
      throws ConnectionException;

  /**
   * Hands in the signed message of a stage after ADVERTISE; INPUT has none.
   *
   * @return Stored once the coordinator has it on disk, also for the same bytes again
   */
  SubmitOutcome submit(Membership membership, StageMessage message) throws ConnectionException;

  /**
   * Sends an update from a byte on. Blocks until the coordinator has it on disk.
   *
   * @param offset first byte to send: 0, or what {@link #uploadStatus} answered
   * @param within how long the whole upload may take
   */
  UploadOutcome upload(Membership membership, Upload upload, long offset, Duration within)
      throws ConnectionException;

  /** Tells how much of an interrupted upload has arrived. */
  UploadStatus uploadStatus(Membership membership) throws ConnectionException;

  /**
   * Waits until the session has left a stage, or the hold is over.
   *
   * @param known the stage that the device knows of
   * @param hold how long the coordinator may wait before it answers, at most 25 s
   */
  AwaitOutcome await(Membership membership, Stage known, Duration hold) throws ConnectionException;

  /**
   * Leaves a session.
   *
   * @param code one word of A-Z and _, at most 64 characters; a reason, never data
   * @param accused index on the roster of the member whose message was bad, 0 if it is nobody's
   */
  void abort(Membership membership, String code, int accused) throws ConnectionException;

  /**
   * Streams an artifact from a byte on into a sink. Unverified: call it through {@link
   * ArtifactFetcher}, which resumes and checks the hash.
   *
   * @param offset first byte wanted
   * @param bytesMax bound on the size of the whole artifact; a larger one is refused with {@link
   *     ConnectionException.Reason#TOO_LARGE} before its bytes reach the sink
   * @param within how long the download may take
   */
  DownloadOutcome download(
      ContentHash hash, long offset, long bytesMax, Duration within, ArtifactSink sink)
      throws ConnectionException;

  /** Ends the connection; calls under way fail. */
  @Override
  void close();
}
