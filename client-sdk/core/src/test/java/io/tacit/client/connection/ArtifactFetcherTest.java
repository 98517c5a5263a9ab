package io.tacit.client.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.client.connection.ConnectionException.Reason;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.WireLimits;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Artifacts are fetched by their hashes, in chunks, and go on where they were cut. */
class ArtifactFetcherTest extends ConnectionFixture {

  @Test
  void nothing_of_a_download_of_another_version_reaches_the_sink() {
    coordinator.protocolVersion = "2";
    ContentHash hash = coordinator.publish(randomBytes(1000));
    List<Integer> received = new ArrayList<>();

    ConnectionException mismatch =
        failureOf(
            () -> connection.download(hash, 0, 1000, SOON, data -> received.add(data.remaining())));

    assertThat(mismatch.reason()).isEqualTo(Reason.PROTOCOL_MISMATCH);
    assertThat(received).isEmpty();
  }

  @Test
  void fetches_an_artifact_of_many_chunks() throws ConnectionException {
    byte[] artifact = randomBytes(3 * WireLimits.CHUNK_BYTES_MAX + 5);
    ContentHash hash = coordinator.publish(artifact);

    ArtifactFetcher fetcher = new ArtifactFetcher(connection, hash, artifact.length);
    assertThat(fetcher.fetch(SOON)).hasValue(artifact);
    assertThat(fetcher.bytesReceived()).isEqualTo(artifact.length);
  }

  @Test
  void fetches_an_empty_artifact() throws ConnectionException {
    ContentHash hash = coordinator.publish(new byte[0]);

    assertThat(new ArtifactFetcher(connection, hash, 0).fetch(SOON)).hasValue(new byte[0]);
  }

  @Test
  void a_fetch_that_was_cut_goes_on_where_it_stopped() throws ConnectionException {
    byte[] artifact = randomBytes(1000);
    ContentHash hash = coordinator.publish(artifact);
    coordinator.downloadChunkBytes = 100;
    coordinator.downloadCuts.add(300);
    coordinator.downloadCuts.add(650);
    ArtifactFetcher fetcher = new ArtifactFetcher(connection, hash, 1000);

    assertThat(failureOf(() -> fetcher.fetch(SOON)).isRetryable()).isTrue();
    assertThat(failureOf(() -> fetcher.fetch(SOON)).isRetryable()).isTrue();
    assertThat(fetcher.fetch(SOON)).hasValue(artifact);
    assertThat(coordinator.calls()).containsExactly("download 0", "download 300", "download 650");
  }

  @Test
  void refuses_bytes_of_another_hash_and_forgets_them() throws ConnectionException {
    byte[] artifact = randomBytes(100);
    ContentHash hash = ContentHash.of(artifact);
    coordinator.publishAs(hash, new byte[] {1, 2, 3});
    ArtifactFetcher fetcher = new ArtifactFetcher(connection, hash, 100);

    ConnectionException wrong = failureOf(() -> fetcher.fetch(SOON));
    assertThat(wrong.reason()).isEqualTo(Reason.WRONG_HASH);
    assertThat(wrong)
        .hasMessage(
            "artifact has hash "
                + ContentHash.of(new byte[] {1, 2, 3}).toHex()
                + ", must have "
                + hash.toHex()
                + "; what came is thrown away");
    coordinator.publish(artifact);
    assertThat(fetcher.fetch(SOON)).hasValue(artifact);
  }

  @Test
  void refuses_an_artifact_above_the_bound_before_its_bytes() {
    ContentHash hash = coordinator.publish(randomBytes(101));
    ArtifactFetcher fetcher = new ArtifactFetcher(connection, hash, 100);

    ConnectionException tooLarge = failureOf(() -> fetcher.fetch(SOON));

    assertThat(tooLarge.reason()).isEqualTo(Reason.TOO_LARGE);
    assertThat(tooLarge)
        .hasMessage("artifact " + hash + " has 101 bytes, this client takes at most 100");
    assertThat(fetcher.bytesReceived()).isZero();
  }

  @Test
  void a_missing_artifact_is_an_outcome() throws ConnectionException {
    assertThat(new ArtifactFetcher(connection, HASH, 100).fetch(SOON)).isEmpty();
  }

  @Test
  void a_chunk_above_the_message_limit_is_refused() {
    coordinator.downloadChunkBytes = WireLimits.ANSWER_BYTES_MAX;
    ContentHash hash = coordinator.publish(randomBytes(WireLimits.ANSWER_BYTES_MAX));

    ConnectionException tooLarge =
        failureOf(() -> new ArtifactFetcher(connection, hash, 1 << 20).fetch(SOON));

    assertThat(tooLarge.reason()).isEqualTo(Reason.REJECTED);
    assertThat(tooLarge.isRetryable()).isFalse();
  }
}
