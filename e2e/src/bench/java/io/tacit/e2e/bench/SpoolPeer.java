package io.tacit.e2e.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacit.coordinator.aggregation.Acceptance;
import io.tacit.coordinator.aggregation.ChunkOutcome;
import io.tacit.coordinator.aggregation.PartialUpload;
import io.tacit.coordinator.aggregation.RecordKey;
import io.tacit.coordinator.aggregation.SessionLog;
import io.tacit.coordinator.aggregation.SpoolSettings;
import io.tacit.coordinator.aggregation.SpoolUpdateLog;
import io.tacit.coordinator.aggregation.UploadStart;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.Stage;
import io.tacit.protocol.WireLimits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The limit of the storage: the coordinator's own spool with its own settings, given the same
 * updates without a network, in one piece as well as in chunks.
 */
final class SpoolPeer implements AutoCloseable {

  private final SpoolUpdateLog log;
  private final byte[] update;
  private final ContentHash sha256;

  private SpoolPeer(Path directory, byte[] update) {
    this.log = new SpoolUpdateLog(directory, SpoolSettings.defaults(), Clock.systemUTC());
    this.update = update;
    this.sha256 = ContentHash.of(update);
  }

  /**
   * Arguments: directory, number of parameters. Then for each line {@code append COUNT IN_FLIGHT}
   * or {@code upload COUNT IN_FLIGHT} prints how many updates a second were acknowledged.
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    ModelSize size = ModelSize.of(Integer.parseInt(arguments[1]));
    Path directory = Path.of(arguments[0]);
    Files.createDirectories(directory);
    try (SpoolPeer peer = new SpoolPeer(directory, size.update(size.plan(1)))) {
      BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, UTF_8));
      for (String line = questions.readLine(); line != null; line = questions.readLine()) {
        String[] words = line.split(" ");
        System.out.println(
            peer.measure(
                words[0].equals("append"), Integer.parseInt(words[1]), Integer.parseInt(words[2])));
      }
    }
  }

  private double measure(boolean whole, int count, int inFlight) throws InterruptedException {
    SessionId session = SessionId.random(new SecureRandom());
    SessionLog records = log.open(session);
    try {
      return InFlight.perSecond(
          count, inFlight, index -> whole ? append(records, index) : upload(records, index));
    } finally {
      log.drop(session);
    }
  }

  private CompletionStage<Acceptance> append(SessionLog records, int index) {
    return records.append(key(index), ByteBuffer.wrap(update)).thenApply(SpoolPeer::accepted);
  }

  private CompletionStage<Acceptance> upload(SessionLog records, int index) {
    return records
        .resume(key(index), update.length, sha256)
        .thenCompose(start -> sendFrom(0, ((UploadStart.Ready) start).upload()))
        .thenApply(SpoolPeer::accepted);
  }

  private CompletionStage<Acceptance> sendFrom(int offset, PartialUpload upload) {
    if (offset == update.length) {
      return upload.finish();
    }
    int count = Math.min(WireLimits.CHUNK_BYTES_MAX, update.length - offset);
    return upload
        .write(offset, ByteBuffer.wrap(update, offset, count))
        .thenCompose(
            outcome ->
                outcome instanceof ChunkOutcome.Stored stored
                    ? sendFrom((int) stored.nextOffset(), upload)
                    : CompletableFuture.failedFuture(new IllegalStateException("" + outcome)));
  }

  private static Acceptance accepted(Acceptance answer) {
    if (answer instanceof Acceptance.Accepted) {
      return answer;
    }
    throw new IllegalStateException("the spool refused an update: " + answer);
  }

  private static RecordKey key(int index) {
    byte[] id = new byte[ClientId.LENGTH];
    ByteBuffer.wrap(id).putInt(index);
    return new RecordKey(ClientId.fromBytes(id), Stage.INPUT);
  }

  @Override
  public void close() {
    log.close();
  }
}
