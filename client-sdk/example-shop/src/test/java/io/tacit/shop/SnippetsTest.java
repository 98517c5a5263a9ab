package io.tacit.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.client.ClientStatus;
import io.tacit.client.Storage;
import io.tacit.client.TacitClient;
import io.tacit.client.recommend.Recommendations;
import io.tacit.protocol.crypto.TaskKeyPair;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SnippetsTest {

  @TempDir Path directory;

  @Test
  void what_the_guide_shows_works() throws Exception {
    try (TacitClient client =
        TacitClient.builder(directory, "shop")
            .storage(Storage.unencrypted())
            .model(Products.bundledModel())
            .build()) {
      Products products = Products.bundled();
      assertThat(client.items(products.itemFile(), Products.ITEMS_SHA256).join()).isEmpty();
      client.record(Snippets.event(Instant.EPOCH)).join();
      Recommendations answer = client.recommend(Snippets.request()).join();
      assertThat(answer.refusal()).isEmpty();
      assertThat(answer.items()).hasSize(7);
      Snippets.schedule(client);
      client.stop();
    }
  }

  @Test
  void a_client_of_production_starts_without_a_network() {
    String taskKey = TaskKeyPair.generate(new SecureRandom()).publicKey().toPem();
    try (TacitClient client = Snippets.production(directory.resolve("client"), taskKey)) {
      assertThat(client.recommend(1).join().items()).isEmpty();
      assertThat(client.status().state()).isEqualTo(ClientStatus.State.WAITING_FOR_MODEL);
    }
  }
}
