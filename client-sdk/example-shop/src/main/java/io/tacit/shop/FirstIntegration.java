package io.tacit.shop;

import io.tacit.client.CoordinatorAddress;
import io.tacit.client.Storage;
import io.tacit.client.TacitClient;
import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.recommend.Recommendation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Consumer;

/** The least that an app does. The shop does the same with more words around it. */
final class FirstIntegration {

  private FirstIntegration() {}

  /**
   * Shows what somebody may want who looked at a moka pot.
   *
   * @param directory private to the app
   * @param password of the client's key store, which lies beside the directory
   * @param show gets one recommendation after the other, best first, on another thread
   * @return the client, to be closed at the end of the app
   */
  @SuppressWarnings("FutureReturnValueIgnored") // the client's status tells what went wrong
  static TacitClient run(
      Path directory,
      char[] password,
      String host,
      int port,
      Clock clock,
      Consumer<Recommendation> show)
      throws IOException {
    // tag::first[]
    TacitClient client =
        TacitClient.builder(directory, "shop")
            .storage(Storage.encrypted(password))
            .coordinator(CoordinatorAddress.tls(host, port))
            .model(Products.bundledModel())
            .build();
    client.record(BehaviourEvent.view("moka-pot", clock.instant()));
    client.recommend(3).thenAccept(best -> best.items().forEach(show));
    client.participate();
    // end::first[]
    return client;
  }
}
