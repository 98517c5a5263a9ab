package io.tacit.e2e.bench;

import io.tacit.client.connection.ArtifactSink;
import io.tacit.client.connection.AwaitOutcome;
import io.tacit.client.connection.CheckIn;
import io.tacit.client.connection.CheckInOutcome;
import io.tacit.client.connection.ConnectionException;
import io.tacit.client.connection.CoordinatorConnection;
import io.tacit.client.connection.CurrentModel;
import io.tacit.client.connection.DownloadOutcome;
import io.tacit.client.connection.Membership;
import io.tacit.client.connection.PollOutcome;
import io.tacit.client.connection.StageMessage;
import io.tacit.client.connection.SubmitOutcome;
import io.tacit.client.connection.Upload;
import io.tacit.client.connection.UploadOutcome;
import io.tacit.client.connection.UploadStatus;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.Stage;
import io.tacit.protocol.session.SignedAdvertisement;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * The connection of a device that vanishes, without a word, when its update should leave: in every
 * session, for the rest of it.
 */
final class VanishingConnection implements CoordinatorConnection {

  private final CoordinatorConnection connection;

  /**
   * @param connection shared with others; not closed by this
   */
  VanishingConnection(CoordinatorConnection connection) {
    this.connection = connection;
  }

  private static ConnectionException gone() {
    return new ConnectionException(ConnectionException.Reason.REJECTED, "this device has vanished");
  }

  @Override
  public UploadOutcome upload(Membership membership, Upload upload, long offset, Duration within)
      throws ConnectionException {
    throw gone();
  }

  @Override
  public UploadStatus uploadStatus(Membership membership) throws ConnectionException {
    throw gone();
  }

  @Override
  public void abort(Membership membership, String code, int accused) throws ConnectionException {
    throw gone();
  }

  @Override
  public PollOutcome poll(String population, ClientId client, Set<String> modelKinds)
      throws ConnectionException {
    return connection.poll(population, client, modelKinds);
  }

  @Override
  public List<CurrentModel> currentModels(String population, Set<String> modelKinds)
      throws ConnectionException {
    return connection.currentModels(population, modelKinds);
  }

  @Override
  public CheckInOutcome checkIn(ClientId client, CheckIn checkIn) throws ConnectionException {
    return connection.checkIn(client, checkIn);
  }

  @Override
  public SubmitOutcome advertise(
      SessionId session, ClientId client, SignedAdvertisement advertisement)
      throws ConnectionException {
    return connection.advertise(session, client, advertisement);
  }

  @Override
  public SubmitOutcome submit(Membership membership, StageMessage message)
      throws ConnectionException {
    return connection.submit(membership, message);
  }

  @Override
  public AwaitOutcome await(Membership membership, Stage known, Duration hold)
      throws ConnectionException {
    return connection.await(membership, known, hold);
  }

  @Override
  public DownloadOutcome download(
      ContentHash hash, long offset, long bytesMax, Duration within, ArtifactSink sink)
      throws ConnectionException {
    return connection.download(hash, offset, bytesMax, within, sink);
  }

  @Override
  public void close() {}
}
