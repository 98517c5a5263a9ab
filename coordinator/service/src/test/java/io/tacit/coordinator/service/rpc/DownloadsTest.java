package io.tacit.coordinator.service.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quarkus.test.junit.QuarkusTest;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.v1.DownloadChunk;
import io.tacit.protocol.v1.DownloadRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Artifacts as devices fetch them. */
@QuarkusTest
class DownloadsTest extends EdgeFixture {

  @Test
  void downloads_in_chunks_from_any_offset() {
    byte[] content = new byte[600_000];
    new Random(1).nextBytes(content);
    ContentHash hash = coordinator.artifacts().put(content);

    assertThat(downloaded(hash, 0)).isEqualTo(content);
    assertThat(downloaded(hash, 300_001))
        .isEqualTo(Arrays.copyOfRange(content, 300_001, content.length));
    assertThat(downloaded(hash, content.length)).isEmpty();
    assertMalformed(
        "offset is 600001, must be 0 to 600000",
        () -> download(request(hash).setOffset(600_001).build()));
  }

  @Test
  void tells_that_it_has_no_such_artifact() {
    List<DownloadChunk> chunks = download(request(ContentHash.of(new byte[] {1, 2, 3})).build());

    assertThat(chunks).hasSize(1);
    assertThat(chunks.get(0).hasNotFound()).isTrue();
    assertThat(chunks.get(0).getTotalBytes()).isZero();
  }

  private byte[] downloaded(ContentHash hash, long offset) {
    ByteString data = ByteString.EMPTY;
    for (DownloadChunk chunk : download(request(hash).setOffset(offset).build())) {
      assertThat(chunk.getData().size()).isLessThanOrEqualTo(WireLimits.CHUNK_BYTES_MAX);
      assertThat(chunk.getTotalBytes()).isEqualTo(600_000);
      data = data.concat(chunk.getData());
    }
    return data.toByteArray();
  }

  private static DownloadRequest.Builder request(ContentHash hash) {
    return DownloadRequest.newBuilder().setContentHash(ByteString.copyFrom(hash.toBytes()));
  }
}
