package io.tacit.e2e.app;

import io.tacit.client.Storage;
import io.tacit.client.TacitClient;
import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.policy.ClientPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * An app with a long history of offers, each with five attributes and whether the person accepted
 * it, that takes part once. Prints {@code recorded COUNT}, {@code result} and the rest of {@link
 * Printed}.
 */
public final class OfferApp {

  private static final String PASSWORD = "of the offered device";
  private static final int RECORDED_AT_A_TIME = 500;

  private OfferApp() {}

  /**
   * @param arguments directory, population, coordinator (see {@link Coordinators}), how many events
   */
  public static void main(String[] arguments) throws IOException {
    int events = Integer.parseInt(arguments[3]);
    try (TacitClient client =
        TacitClient.builder(Path.of(arguments[0]), arguments[1])
            .storage(Storage.encrypted(PASSWORD.toCharArray()))
            .coordinator(Coordinators.of(arguments[2]))
            .policy(ClientPolicy.development())
            .build()) {
      client.addListener(new Printed());
      Random random = new Random(1);
      for (int done = 0; done < events; done += RECORDED_AT_A_TIME) {
        record(client, Math.min(RECORDED_AT_A_TIME, events - done), random);
      }
      Printed.line("recorded " + events);
      client.participate().join();
    }
  }

  private static void record(TacitClient client, int events, Random random) {
    CompletableFuture<?>[] recorded = new CompletableFuture<?>[events];
    for (int i = 0; i < events; i++) {
      recorded[i] = client.record(offer(random));
    }
    CompletableFuture.allOf(recorded).join();
  }

  private static BehaviourEvent offer(Random random) {
    double age = 20 + random.nextInt(50);
    double purchases = random.nextInt(10);
    return BehaviourEvent.withoutItem("offer", Instant.now())
        .with("age", age)
        .with("gender", random.nextBoolean() ? "m" : "f")
        .with("purchases-last-month", purchases)
        .with("mean-basket", 10 + 50 * random.nextDouble())
        .with("days-since-visit", (double) random.nextInt(30))
        .with("accepted", purchases > 4 && age < 50 ? 1.0 : 0.0);
  }
}
