package io.tacit.shop;

import io.tacit.client.ClientListener;
import io.tacit.client.Participation;
import io.tacit.client.TacitClient;
import io.tacit.client.behaviour.BehaviourEvent;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.time.Clock;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Simulated customers with tastes, each with a client of its own, who take part all the time. Most
 * of what one of them looks at is of one category and some of it of the neighbouring one, as coffee
 * and tea are neighbours: that is what there is to learn. No part of what an app does.
 */
final class Crowd {

  /** Customers of one process. */
  static final int CUSTOMERS_MAX = 100;

  /** Looked at by each: of its category, of the neighbouring one, of any. */
  private static final int OWN = 7;

  private static final int NEIGHBOURING = 2;
  private static final int ANY = 1;

  private static final long SECONDS_BETWEEN = 1;

  private final Products products;
  private final PrintWriter out;
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private String told = "";

  private Crowd(Products products, PrintWriter out) {
    this.products = products;
    this.out = out;
  }

  /** Runs the customers until the process ends. */
  static void run(ShopOptions options, PrintWriter out) throws IOException, InterruptedException {
    Crowd crowd = new Crowd(Products.bundled(), out);
    for (int customer = 0; customer < options.crowd(); customer++) {
      crowd.enter(customer, options.in(options.data().resolve("customer-" + customer)));
    }
    out.println(options.crowd() + " customers are here; Ctrl-C sends them away.");
    crowd.timer.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
  }

  private void enter(int customer, ShopOptions options) throws IOException {
    boolean isNew = Files.notExists(options.data());
    TacitClient client = ShopApp.client(options);
    client.addListener(
        new ClientListener() {
          @Override
          public void participated(Participation participation) {
            if (participation.hasContributed()) {
              tell(participation.message());
            }
          }
        });
    if (isNew) {
      look(client, customer);
    }
    participate(client);
  }

  private void look(TacitClient client, int customer) {
    SplittableRandom random = new SplittableRandom(customer);
    int own = customer % products.categories().size();
    for (int i = 0; i < OWN; i++) {
      look(client, random, products.in(products.categories().get(own)));
    }
    for (int i = 0; i < NEIGHBOURING; i++) {
      look(client, random, products.in(products.categories().get(own ^ 1)));
    }
    for (int i = 0; i < ANY; i++) {
      look(client, random, products.all());
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // a customer less does not matter
  private static void look(TacitClient client, SplittableRandom random, List<Product> among) {
    Product product = among.get(random.nextInt(among.size()));
    client.record(BehaviourEvent.view(product.id(), Clock.systemUTC().instant()));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // goes on until the process ends
  private void participate(TacitClient client) {
    CompletableFuture<Participation> participation = client.participate();
    participation.whenComplete(
        (end, failure) ->
            timer.schedule(() -> participate(client), SECONDS_BETWEEN, TimeUnit.SECONDS));
  }

  /** Each round once, not once for each customer in it. */
  private synchronized void tell(String message) {
    if (!message.equals(told)) {
      told = message;
      out.println(message.replace("This device's update", "A customer's update"));
    }
  }
}
