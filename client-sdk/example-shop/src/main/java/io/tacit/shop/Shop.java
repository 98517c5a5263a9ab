package io.tacit.shop;

import io.tacit.client.ClientStatus;
import io.tacit.client.ForgetReport;
import io.tacit.client.TacitClient;
import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.ledger.Ledger;
import io.tacit.client.recommend.Explanation;
import io.tacit.client.recommend.Recommendation;
import io.tacit.client.recommend.RecommendationContext;
import io.tacit.client.recommend.RecommendationRequest;
import io.tacit.client.recommend.Recommendations;
import io.tacit.client.schedule.TimerSchedule;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/**
 * What a customer can do. Waits for each result before it reads the next command, as a terminal
 * may; an app with a user interface goes on and is told. For one thread.
 */
final class Shop {

  private static final int COUNT_MAX = 48;

  private static final String HELP =
      """
      list [CATEGORY]           what is on sale
      show ITEM                 look at something (recorded on this device, like the next three)
      like ITEM | buy ITEM      like it, buy it
      dismiss ITEM              never recommend it
      recommend [N] [CATEGORY]  what may please you; N is 1 to 48, 5 if you say nothing
      beside ITEM               what may please you while you look at it
      why N                     why number N of the last list was recommended
      join                      take part in a round of training now
      auto on | auto off        take part again and again
      ledger [json]             what has left this device, and what it gives away
      pause | resume            take part no more, take part again
      forget                    delete all that this device knows of you
      status                    how things are
      quit                      leave
      """;

  private final TacitClient client;
  private final Products products;
  private final Clock clock;
  private final PrintWriter out;

  /** The last list, for {@code why}. */
  private List<Recommendation> shown = List.of();

  Shop(TacitClient client, Products products, Clock clock, PrintWriter out) {
    this.client = client;
    this.products = products;
    this.clock = clock;
    this.out = out;
  }

  /** Obeys one line. False if the customer leaves. */
  boolean execute(String line) {
    String[] words = line.trim().split("\\s+");
    String argument = words.length > 1 ? words[1] : "";
    try {
      switch (words[0]) {
        case "" -> {}
        case "list" -> list(argument);
        case "show" -> record(BehaviourEvent.VIEW, argument, "You look at %s.");
        case "like" -> record(BehaviourEvent.LIKE, argument, "You like %s.");
        case "buy" -> record(BehaviourEvent.PURCHASE, argument, "You bought %s.");
        case "dismiss" -> record(BehaviourEvent.DISMISS, argument, "%s will not come up again.");
        case "recommend" -> recommend(List.of(words).subList(1, words.length));
        case "beside" -> beside(argument);
        case "why" -> why(argument);
        case "join" -> client.participate().join(); // the listener tells how it goes
        case "auto" -> auto(argument);
        case "ledger" -> ledger(argument);
        case "pause" -> pause();
        case "resume" -> resume();
        case "forget" -> forget();
        case "status" -> status();
        case "help" -> out.print(HELP);
        case "quit" -> {
          return false;
        }
        default -> out.println("There is no command \"" + words[0] + "\"; \"help\" lists all.");
      }
    } catch (CompletionException e) {
      out.println("That did not work: " + Objects.requireNonNullElse(e.getCause(), e).getMessage());
      status();
    }
    out.flush();
    return true;
  }

  private void list(String category) {
    if (category.isEmpty()) {
      for (String each : products.categories()) {
        out.println(each + ": " + ids(products.in(each)));
      }
    } else if (products.in(category).isEmpty()) {
      noSuchCategory(category);
    } else {
      for (Product product : products.in(category)) {
        String soldOut = product.isAvailable() ? "" : " (sold out)";
        out.printf("%-18s %s%s%n", product.id(), product.title(), soldOut);
      }
    }
  }

  private static String ids(List<Product> list) {
    return String.join(", ", list.stream().map(Product::id).toList());
  }

  private void noSuchCategory(String category) {
    out.println(
        "There is no category \""
            + category
            + "\"; there are "
            + String.join(", ", products.categories())
            + ".");
  }

  private Optional<Product> find(String id) {
    Optional<Product> product = products.find(id);
    if (product.isEmpty()) {
      out.println(
          id.isEmpty()
              ? "Which item? \"list\" shows their names."
              : "There is no item \"" + id + "\"; \"list\" shows their names.");
    }
    return product;
  }

  // tag::record[]
  private void record(String kind, String id, String answer) {
    Optional<Product> product = find(id);
    if (product.isPresent()) {
      client.record(BehaviourEvent.of(kind, id, clock.instant())).join();
      out.printf(answer + "%n", product.get().title());
    }
  }

  // end::record[]

  private void recommend(List<String> words) {
    boolean hasCount = !words.isEmpty() && words.get(0).matches("[0-9]+");
    String count = hasCount ? words.get(0) : "5";
    String category = words.size() > (hasCount ? 1 : 0) ? words.get(hasCount ? 1 : 0) : "";
    if (!isNumber(count, COUNT_MAX)) {
      out.println("N is " + count + ", must be 1 to " + COUNT_MAX + ".");
    } else if (!category.isEmpty() && products.in(category).isEmpty()) {
      noSuchCategory(category);
    } else {
      recommend(Integer.parseInt(count), category);
    }
  }

  /** Whether a text is a number from 1 to max, which has two digits at most. */
  private static boolean isNumber(String text, int max) {
    return text.matches("[1-9][0-9]?") && Integer.parseInt(text) <= max;
  }

  // tag::recommend[]
  private void recommend(int count, String category) {
    RecommendationRequest request = RecommendationRequest.best(count);
    if (!category.isEmpty()) {
      request = request.onlyWith("category", category);
    }
    show(client.recommend(request).join());
  }

  // end::recommend[]

  // tag::context[]
  private void beside(String id) {
    if (find(id).isPresent()) {
      show(client.recommend(5, RecommendationContext.none().onItem(id)).join());
    }
  }

  // end::context[]

  // tag::show[]
  private void show(Recommendations answer) {
    shown = answer.items();
    if (answer.refusal().isPresent()) {
      out.println("Nothing to recommend: " + answer.refusal().get() + ".");
      return;
    }
    if (answer.basis().isEmpty()) {
      out.println("Nothing is known of you yet. What people like:");
    }
    for (Recommendation item : answer.items()) {
      out.printf("%2d  %-18s %s%n", item.rank(), item.itemId(), item.title());
    }
  }

  // end::show[]

  // tag::why[]
  private void why(String number) {
    if (!isNumber(number, shown.size())) {
      out.println(
          shown.isEmpty()
              ? "Nothing was recommended yet; \"recommend\" first."
              : "Which one? 1 to " + shown.size() + " of the last list.");
      return;
    }
    Recommendation asked = shown.get(Integer.parseInt(number) - 1);
    Optional<Explanation> why = client.why(asked).join();
    if (why.isEmpty()) {
      out.println("The model or your events have changed since; \"recommend\" again.");
      return;
    }
    out.println(asked.title() + ":");
    why.get().texts(3).forEach(sentence -> out.println("  " + sentence + "."));
  }

  // end::why[]

  // tag::auto[]
  private void auto(String word) {
    client.stop(); // does nothing if it has not begun
    if (word.equals("on")) {
      client.start(TimerSchedule.always());
    }
    out.println(
        switch (word) {
          case "on" -> "This device takes part again and again.";
          case "off" -> "This device takes part when you say so.";
          default -> "auto is \"" + word + "\", must be on or off; it is off now.";
        });
  }

  // end::auto[]

  // tag::ledger[]
  private void ledger(String format) {
    Ledger ledger = client.ledger().join();
    if (format.equals("json")) {
      out.println(ledger.exportJson()); // a person's own copy, in a form that stays
    } else if (ledger.totals().participations() == 0) {
      out.println("Nothing has left this device.");
    } else {
      out.print(ledger.exportText());
    }
  }

  // end::ledger[]

  // tag::pause[]
  private void pause() {
    client.pause().join();
    out.println("Paused: nothing leaves this device until you say \"resume\".");
  }

  private void resume() {
    client.resume().join();
    out.println("This device may take part again.");
  }

  // end::pause[]

  // tag::forget[]
  private void forget() {
    ForgetReport report = client.forgetMe().join();
    shown = List.of();
    out.println(
        "Deleted: "
            + report.behaviour().events()
            + " events and "
            + report.deleted().size()
            + " other files about you. What is part of a model can not be taken back.");
  }

  // end::forget[]

  // tag::status[]
  private void status() {
    ClientStatus status = client.status();
    out.println(status.message());
    if (!status.remedy().isEmpty()) {
      out.println(status.remedy());
    }
  }
  // end::status[]
}
