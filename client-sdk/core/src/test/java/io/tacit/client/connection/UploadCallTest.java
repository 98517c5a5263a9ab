package io.tacit.client.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.client.connection.ConnectionException.Reason;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.v1.RefusalReason;
import io.tacit.protocol.v1.UploadHeader;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** An update on its way: whole, cut, refused or too late. */
class UploadCallTest extends ConnectionFixture {

  @Test
  void an_update_of_many_chunks_arrives_whole() throws ConnectionException {
    byte[] update = randomBytes(5 * WireLimits.CHUNK_BYTES_MAX + 17);
    List<UploadHeader> headers = new CopyOnWriteArrayList<>();
    coordinator.onUpload =
        first -> {
          headers.add(first);
          return null;
        };

    assertThat(connection.upload(MEMBER, Upload.owning(update), 0, SOON))
        .isEqualTo(new UploadOutcome.Stored());
    assertThat(coordinator.uploaded()).isEqualTo(update);
    assertThat(headers.get(0).getTotalBytes()).isEqualTo(update.length);
    assertThat(headers.get(0).getSha256().toByteArray())
        .isEqualTo(ContentHash.of(update).toBytes());
  }

  @Test
  void an_upload_that_was_cut_resumes_at_the_byte_the_coordinator_has() throws ConnectionException {
    byte[] update = randomBytes(3 * WireLimits.CHUNK_BYTES_MAX);
    Upload upload = Upload.owning(update);
    int cut = WireLimits.CHUNK_BYTES_MAX + 1000;
    coordinator.uploadCuts.add(cut);

    ConnectionException broken = failureOf(() -> connection.upload(MEMBER, upload, 0, SOON));
    UploadStatus status = connection.uploadStatus(MEMBER);
    UploadOutcome outcome = connection.upload(MEMBER, upload, cut, SOON);

    assertThat(broken.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(broken.isRetryable()).isTrue();
    assertThat(status)
        .isEqualTo(new UploadStatus.Partial(cut, ContentHash.of(Arrays.copyOf(update, cut))))
        .isEqualTo(new UploadStatus.Partial(cut, upload.hashOfFirst(cut)));
    assertThat(outcome).isEqualTo(new UploadOutcome.Stored());
    assertThat(coordinator.uploaded()).isEqualTo(update);
  }

  @Test
  void a_refused_upload_stops_sending() throws ConnectionException {
    coordinator.onUpload = header -> RefusalReason.REFUSAL_REASON_SUPERSEDED;

    assertThat(
            connection.upload(
                MEMBER, Upload.owning(randomBytes(20 * WireLimits.CHUNK_BYTES_MAX)), 0, SOON))
        .isEqualTo(new Refusal(Refusal.Reason.SUPERSEDED, "by script"));
    assertThat(coordinator.uploaded()).isEmpty();
  }

  @Test
  void an_upload_ends_by_its_deadline() {
    CountDownLatch release = new CountDownLatch(1);
    coordinator.onUpload =
        header -> {
          await(release);
          return null;
        };
    ConnectionException late =
        failureOf(
            () ->
                connection.upload(
                    MEMBER,
                    Upload.owning(randomBytes(20 * WireLimits.CHUNK_BYTES_MAX)),
                    0,
                    Duration.ofMillis(300)));
    release.countDown();

    assertThat(late.reason()).isEqualTo(Reason.DEADLINE);
  }
}
