package io.tacit.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.client.TacitClient;
import io.tacit.client.recommend.Recommendation;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FirstIntegrationTest {

  @TempDir Path directory;

  @Test
  void the_first_lines_recommend_where_no_coordinator_is() throws Exception {
    BlockingQueue<Recommendation> shown = new LinkedBlockingQueue<>();
    try (TacitClient client =
        FirstIntegration.run(
            directory.resolve("client"),
            "a password".toCharArray(),
            "localhost",
            1,
            Clock.systemUTC(),
            shown::add)) {
      List<String> known = Products.bundled().all().stream().map(Product::title).toList();
      for (int rank = 1; rank <= 3; rank++) {
        Recommendation next = shown.poll(30, TimeUnit.SECONDS);
        assertThat(next.rank()).isEqualTo(rank);
        assertThat(next.title()).isIn(known).isNotEqualTo("Moka pot for three cups");
      }
    }
  }
}
