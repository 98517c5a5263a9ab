package io.tacit.e2e.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacit.client.BundledModel;
import io.tacit.client.Storage;
import io.tacit.client.TacitClient;
import io.tacit.client.behaviour.BehaviourEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/**
 * An app that is opened for its recommendations. Prints {@code built NANOS}, how long {@code
 * build()} took, and {@code recommended NANOS COUNT}, how long it was from before that until the
 * answer was there.
 */
public final class StartApp {

  /** The population that it belongs to. */
  public static final String POPULATION = "start";

  private StartApp() {}

  /**
   * @param arguments directory of the client; directory with the files plan, catalogue, model and
   *     sha256 of the model that it brings; how many events to record after that
   */
  public static void main(String[] arguments) throws Exception {
    BundledModel bundle = bundle(Path.of(arguments[1]));
    long start = System.nanoTime();
    TacitClient client =
        TacitClient.builder(Path.of(arguments[0]), POPULATION)
            .storage(storage())
            .model(bundle)
            .build();
    long built = System.nanoTime();
    int count = client.recommend(10).join().items().size();
    long recommended = System.nanoTime();
    Printed.line("built " + (built - start));
    Printed.line("recommended " + (recommended - start) + " " + count);
    record(client, Integer.parseInt(arguments[2]));
    client.close();
  }

  /** Encrypted with a password, unless the JVM is told to show what that costs. */
  private static Storage storage() {
    return switch (System.getProperty("storage", "password")) {
      case "none" -> Storage.unencrypted();
      case "key" -> Storage.encryptedWithKey(new byte[32]);
      default -> Storage.encrypted("of the started device".toCharArray());
    };
  }

  private static BundledModel bundle(Path directory) throws IOException {
    return BundledModel.of(
        Files.readAllBytes(directory.resolve("plan")),
        Files.readAllBytes(directory.resolve("catalogue")),
        Files.readAllBytes(directory.resolve("model")),
        new String(Files.readAllBytes(directory.resolve("sha256")), UTF_8));
  }

  private static void record(TacitClient client, int events) {
    CompletableFuture<?>[] recorded = new CompletableFuture<?>[events];
    for (int i = 0; i < events; i++) {
      recorded[i] = client.record(BehaviourEvent.click("item-" + i % 200, Instant.now()));
    }
    CompletableFuture.allOf(recorded).join();
  }
}
