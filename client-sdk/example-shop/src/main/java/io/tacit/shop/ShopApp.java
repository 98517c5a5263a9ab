package io.tacit.shop;

import io.tacit.client.CoordinatorAddress;
import io.tacit.client.Storage;
import io.tacit.client.TacitClient;
import io.tacit.client.behaviour.Retention;
import io.tacit.client.policy.ClientPolicy;
import io.tacit.client.schedule.Conditions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** The program: makes the client, serves one customer, closes the client. */
public final class ShopApp {

  private ShopApp() {}

  /** Exit codes: 0 at the customer's wish, 1 if the client can not work, 2 for wrong usage. */
  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true, charset());
    ShopOptions options;
    try {
      options = ShopOptions.parse(List.of(arguments));
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    if (options.isHelpAsked()) {
      out.print(ShopOptions.USAGE);
      out.flush();
      return;
    }
    try {
      if (options.crowd() > 0) {
        Crowd.run(options, out);
        return;
      }
      serve(options, new BufferedReader(new InputStreamReader(System.in, charset())), out);
    } catch (IOException | IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** That of the terminal, where there is one. */
  private static Charset charset() {
    return System.console() == null ? Charset.defaultCharset() : System.console().charset();
  }

  private static void serve(ShopOptions options, BufferedReader in, PrintWriter out)
      throws IOException {
    Products products = Products.bundled();
    try (TacitClient client = client(options)) {
      tellItems(client, products);
      client.addListener(new Progress(out));
      Shop shop = new Shop(client, products, Clock.systemUTC(), out);
      out.println("Welcome. \"help\" lists what you can do here, \"quit\" ends it.");
      String line;
      do {
        if (System.console() != null) {
          out.print("> ");
          out.flush();
        }
        line = in.readLine();
      } while (line != null && shop.execute(line));
    }
  }

  // tag::build[]
  static TacitClient client(ShopOptions options) throws IOException {
    TacitClient.Builder builder =
        TacitClient.builder(options.data(), options.population())
            .storage(storage(options))
            .model(Products.bundledModel())
            .policy(ClientPolicy.development()) // updates in the clear: never in people's hands
            .conditions(Conditions.none()) // a terminal is neither idle nor on a charger
            .retention(Retention.latest(5_000).withAgeMax(Duration.ofDays(365)))
            .executor(oneThread()); // an app with a user interface gives that thread here
    if (options.coordinator().isPresent()) {
      builder.coordinator(address(options.coordinator().get(), options));
    }
    return builder.build();
  }

  // end::build[]

  // tag::storage[]
  private static Storage storage(ShopOptions options) {
    String password = System.getenv("SHOP_PASSWORD"); // an app has a better place for it
    if (options.crowd() > 0 || password == null) {
      return Storage.unencrypted(); // for a look around
    }
    return Storage.encrypted(password.toCharArray());
  }

  // end::storage[]

  // tag::address[]
  private static CoordinatorAddress address(ShopOptions.Address at, ShopOptions options)
      throws IOException {
    if (at.isThisMachine() && options.trust().isEmpty()) {
      return CoordinatorAddress.onThisMachine(at.port());
    }
    CoordinatorAddress tls = CoordinatorAddress.tls(at.host(), at.port());
    if (options.trust().isEmpty()) {
      return tls;
    }
    try (InputStream certificates = Files.newInputStream(options.trust().get())) {
      return tls.trustingOnly(certificates);
    }
  }

  // end::address[]

  /** One thread, so that the listener's lines come in order. */
  private static Executor oneThread() {
    return Executors.newSingleThreadExecutor(
        task -> {
          Thread thread = new Thread(task, "shop-results");
          thread.setDaemon(true);
          return thread;
        });
  }

  // tag::items[]
  private static void tellItems(TacitClient client, Products products) throws IOException {
    try {
      Optional<String> refusal = client.items(products.itemFile(), Products.ITEMS_SHA256).join();
      if (refusal.isPresent()) {
        throw new IOException("the item file is unusable: " + refusal.get());
      }
    } catch (CompletionException e) {
      throw new IOException(client.status().message() + " " + client.status().remedy(), e);
    }
  }
  // end::items[]
}
