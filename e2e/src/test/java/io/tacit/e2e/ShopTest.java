package io.tacit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Apps that embed the client: the example shop, in processes of their own. */
class ShopTest {

  private static final int ATTEMPTS_MAX = 20;

  @TempDir Path directory;

  @Test
  void three_shops_train_a_model_together_and_each_customer_sees_what_left_and_is_forgotten()
      throws Exception {
    try (RunningCoordinator coordinator = new RunningCoordinator(directory);
        ShopProcess coffee = ShopProcess.enter(directory.resolve("coffee"), coordinator);
        ShopProcess camping = ShopProcess.enter(directory.resolve("camping"), coordinator);
        ShopProcess garden = ShopProcess.enter(directory.resolve("garden"), coordinator)) {
      applyPlan(coordinator);
      assertThat(coffee.say("show moka-pot")).endsWith("You look at Moka pot for three cups.");
      coffee.say("buy espresso-beans");
      camping.say("show two-person-tent");
      camping.say("like gas-stove");
      garden.say("buy tomato-seeds");
      garden.say("show watering-can");
      assertThat(coffee.say("ledger")).containsExactly("Nothing has left this device.");

      List<ShopProcess> shops = List.of(coffee, camping, garden);
      shops.forEach(shop -> shop.type("join"));
      for (ShopProcess shop : shops) {
        assertThat(contributed(shop))
            .containsSubsequence(
                "  ... trains on this device",
                "  ... waits for the other devices; nothing has left this one yet",
                "  ... sends the update",
                "  ... sent; waits for the new model",
                "  A new model is in use.");
      }

      assertThat(coordinator.api().models("shop")).hasSizeGreaterThanOrEqualTo(2);
      assertThat(coffee.say("recommend 4")).hasSize(4);
      assertThat(coffee.say("why 1")).hasSizeGreaterThanOrEqualTo(2);
      List<String> ledger = coffee.say("ledger");
      assertThat(ledger.get(0)).isEqualTo("This device has taken part 1 time.");
      assertThat(ledger.get(1)).startsWith("Against whoever sees the models: unbounded since ");
      assertThat(ledger.get(2)).startsWith("Against the coordinator: unbounded since ");
      assertThat(ledger)
          .last()
          .asString()
          .contains(" of shop left in the clear, as this app's development policy allows")
          .endsWith("it is in the sum that made the new model.");

      assertThat(coffee.say("forget").get(0)).startsWith("Deleted: 2 events and ");
      assertThat(coffee.say("ledger"))
          .startsWith("This device has taken part 1 time.")
          .endsWith("Counted and no longer listed: 1.");
      assertThat(coffee.say("recommend 2")).first().asString().startsWith("Nothing is known");
      for (ShopProcess shop : shops) {
        assertThat(shop.quit()).isZero();
      }
    }
  }

  /** All that a shop says until its update is part of a model; asks again when it came too late. */
  private static List<String> contributed(ShopProcess shop) throws InterruptedException {
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      shop.type("mark");
      List<String> said = shop.readUntil("There is no command \"mark\"");
      if (said.stream().anyMatch(line -> line.contains("This device's update is one of "))) {
        return said;
      }
      TimeUnit.MILLISECONDS.sleep(200);
      shop.type("join");
    }
    throw new AssertionError("no round for this shop after " + ATTEMPTS_MAX + " attempts");
  }

  /** With the shipped plan and the shipped command, as the guide says. */
  private void applyPlan(RunningCoordinator coordinator) throws Exception {
    Path root = RunningCoordinator.installation().root();
    ProcessBuilder command =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-jar",
                root.resolve("cli/target/tacit-cli.jar").toString(),
                "plan",
                "apply",
                "--url",
                coordinator.process().url().toString(),
                "--trust",
                coordinator.process().authority().toString(),
                root.resolve("deploy/plans/shop.yaml").toString())
            .inheritIO();
    command.environment().put("TACIT_TOKEN", coordinator.token().reveal());
    Process apply = command.start();
    assertThat(apply.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(apply.exitValue()).isZero();
  }
}
