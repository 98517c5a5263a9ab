package io.tacit.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.client.Storage;
import io.tacit.client.TacitClient;
import io.tacit.client.policy.ClientPolicy;
import io.tacit.client.schedule.Conditions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands, with a client that has the app's model and no coordinator. */
@Timeout(60)
class ShopTest {

  @TempDir Path directory;

  private final StringWriter printed = new StringWriter();
  private Products products;
  private TacitClient client;
  private Shop shop;

  @BeforeEach
  void open() throws IOException {
    products = Products.bundled();
    enter(builder("customer").model(Products.bundledModel()).build());
  }

  private TacitClient.Builder builder(String customer) {
    return TacitClient.builder(directory.resolve(customer), "shop")
        .storage(Storage.encrypted("a password".toCharArray()))
        .policy(ClientPolicy.development())
        .conditions(Conditions.none());
  }

  private void enter(TacitClient newClient) {
    client = newClient;
    assertThat(client.items(products.itemFile(), Products.ITEMS_SHA256).join()).isEmpty();
    shop = new Shop(client, products, Clock.systemUTC(), new PrintWriter(printed));
  }

  @AfterEach
  void close() {
    client.close();
  }

  /** What the shop answers to a line. */
  private List<String> say(String line) {
    printed.getBuffer().setLength(0);
    assertThat(shop.execute(line)).isTrue();
    return printed.toString().lines().toList();
  }

  @Test
  void lists_categories_and_what_is_in_one() {
    assertThat(say("list"))
        .hasSize(6)
        .contains(
            "tea: cast-iron-teapot, sencha, earl-grey, tea-strainer, matcha-whisk, glass-teacups,"
                + " tea-tin, honey-jar");
    assertThat(say("  list   garden "))
        .hasSize(8)
        .contains("compost-bin        Compost bin (sold out)");
    assertThat(say("list shoes"))
        .containsExactly(
            "There is no category \"shoes\"; there are coffee, tea, camping, cycling, baking,"
                + " garden.");
  }

  @Test
  void recommends_what_goes_with_what_was_looked_at_and_says_why() {
    assertThat(say("recommend 3"))
        .hasSize(4)
        .startsWith("Nothing is known of you yet. What people like:");
    assertThat(say("show moka-pot")).containsExactly("You look at Moka pot for three cups.");
    assertThat(say("buy espresso-beans")).containsExactly("You bought Espresso beans, 1 kg.");

    List<String> answer = say("recommend 5");

    assertThat(answer).hasSize(5);
    assertThat(answer)
        .as("coffee, or its neighbour tea")
        .allMatch(line -> isOf(line, "coffee") || isOf(line, "tea"));
    assertThat(answer).noneMatch(line -> line.contains("moka-pot"));
    assertThat(say("why 1"))
        .hasSize(3)
        .contains(
            "  Because you viewed Moka pot for three cups.",
            "  Because you bought Espresso beans, 1 kg.");
  }

  private boolean isOf(String line, String category) {
    return products.in(category).stream()
        .anyMatch(product -> line.endsWith(product.title()) && line.contains(product.id()));
  }

  @Test
  void recommends_in_a_category_and_beside_an_item() {
    assertThat(say("recommend 4 camping"))
        .hasSize(5)
        .filteredOn(l -> isOf(l, "camping"))
        .hasSize(4);
    assertThat(say("recommend garden")).hasSize(6).filteredOn(l -> isOf(l, "garden")).hasSize(5);
    assertThat(say("recommend 20 garden"))
        .as("what is sold out does not come up")
        .hasSize(8)
        .noneMatch(line -> line.contains("compost-bin"));
    assertThat(say("beside bike-lock")).hasSize(5).noneMatch(line -> line.contains("bike-lock"));
    assertThat(say("why 1")).contains("  Because you are looking at Bike lock.");
  }

  @Test
  void what_was_dismissed_does_not_come_up_again() {
    say("show two-person-tent");
    String best = say("recommend 1").get(0);
    String id = best.substring(4).split(" ")[0];
    assertThat(say("dismiss " + id)).hasSize(1);
    assertThat(say("recommend 48")).isNotEmpty().noneMatch(line -> line.contains(id));
  }

  @Test
  void says_what_is_wrong_with_a_command() {
    assertThat(say("sell tea-tin"))
        .containsExactly("There is no command \"sell\"; \"help\" lists all.");
    assertThat(say("show")).containsExactly("Which item? \"list\" shows their names.");
    assertThat(say("like gold"))
        .containsExactly("There is no item \"gold\"; \"list\" shows their names.");
    assertThat(say("recommend 0")).containsExactly("N is 0, must be 1 to 48.");
    assertThat(say("recommend 4711")).containsExactly("N is 4711, must be 1 to 48.");
    assertThat(say("why 1")).containsExactly("Nothing was recommended yet; \"recommend\" first.");
    say("recommend 2");
    assertThat(say("why 3")).containsExactly("Which one? 1 to 2 of the last list.");
    assertThat(say("auto perhaps"))
        .containsExactly("auto is \"perhaps\", must be on or off; it is off now.");
    assertThat(say("")).isEmpty();
    assertThat(say("help")).hasSize(14);
    assertThat(shop.execute("quit")).isFalse();
  }

  @Test
  void pauses_forgets_and_shows_how_things_are() {
    assertThat(say("status")).containsExactly("Recommendations work.");
    assertThat(say("pause"))
        .containsExactly("Paused: nothing leaves this device until you say \"resume\".");
    assertThat(say("status"))
        .containsExactly(
            "Taking part is paused: nothing leaves the device. Recommendations go on.",
            "Call resume() to take part again.");
    assertThat(say("resume")).containsExactly("This device may take part again.");
    assertThat(say("auto on")).containsExactly("This device takes part again and again.");
    assertThat(say("auto off")).containsExactly("This device takes part when you say so.");
    assertThat(say("ledger")).containsExactly("Nothing has left this device.");
    assertThat(say("ledger json"))
        .singleElement()
        .asString()
        .startsWith("{\"format\":\"tacit-ledger/1\",\"totals\":{\"participations\":0,");
    say("like sencha");
    say("recommend 1");
    assertThat(say("forget").get(0)).startsWith("Deleted: 1 events and ");
    assertThat(say("recommend 1")).contains("Nothing is known of you yet. What people like:");
  }

  @Test
  void without_a_model_it_says_what_to_do() {
    client.close();
    enter(builder("another").build());
    say("show sencha");
    assertThat(say("recommend"))
        .containsExactly(
            "Nothing to recommend: no model is installed yet; take part in a round, or install one"
                + " with the app.");
  }

  @Test
  void a_closed_client_harms_nobody() {
    client.close();
    assertThat(say("recommend"))
        .containsExactly(
            "That did not work: this client is closed; build a new one", client.status().message());
  }
}
