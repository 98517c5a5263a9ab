package io.tacit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacit.client.ledger.LedgerEntry;
import io.tacit.e2e.app.ShopApp;
import io.tacit.testing.Seeds;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An app's process is killed again and again, wherever it is; what the client promised holds. A
 * figure of the product is a run of 1,000 lives, which takes some 25 minutes:
 *
 * <pre>
 * mvn -B -Dchecks=off -pl e2e -am verify -Dtest=SoakTest -Dsurefire.failIfNoSpecifiedTests=false
 *     -Dtacit.soak.lives=1000 -Dtacit.seed=1
 * </pre>
 */
class SoakTest {

  private static final int LIVES = Integer.getInteger("tacit.soak.lives", 25);
  private static final long SEED = Seeds.upTo(1).findFirst().orElseThrow();
  private static final Duration NOT_STUCK = Duration.ofSeconds(60);

  /** How far a life came. */
  private enum Phase {
    BEFORE_OPEN,
    RECORDING,
    TRAINING,
    WAITING,
    SENDING,
    SENT,
    AFTER
  }

  @TempDir Path directory;

  private final Map<Phase, Integer> deaths = new EnumMap<>(Phase.class);
  private long eventsAcknowledged;
  private long eventsThere;
  private int modelThere = -1;
  private List<Long> sent = List.of();
  private final Set<Long> completed = new HashSet<>();
  private long roundsSettled;

  @Test
  void a_client_that_is_killed_at_any_moment_loses_nothing_and_sends_nothing_twice()
      throws Exception {
    Random random = new Random(SEED);
    System.out.println("soak of " + LIVES + " lives, seed " + SEED);
    try (RunningCoordinator coordinator = new RunningCoordinator(directory)) {
      ShopPlan.apply(coordinator, directory, 1, 1);
      for (int life = 1; life <= LIVES; life++) {
        KillPoint end = KillPoint.draw(random, eventsThere + 1);
        try {
          liveUntil(end, coordinator);
          if (life % 100 == 0) {
            System.out.println(life + " lives, " + deaths);
          }
        } catch (AssertionError e) {
          throw new AssertionError("life " + life + " of seed " + SEED + ", killed at " + end, e);
        }
      }
      liveToTheEnd(coordinator);
    }
    System.out.println(
        "deaths " + deaths + ", rounds " + completed.size() + ", sent " + sent.size());
  }

  private void liveUntil(KillPoint end, RunningCoordinator coordinator) throws Exception {
    try (AppProcess app = start(coordinator)) {
      if (!end.line().isEmpty()) {
        // Not every life gets another model: it is done then.
        app.awaitAny(List.of(end.line(), "done"), NOT_STUCK);
      }
      TimeUnit.NANOSECONDS.sleep(end.delay().toNanos());
      app.kill();
      deaths.merge(phase(app), 1, Integer::sum);
      assertThatAllHolds(app, coordinator);
    }
  }

  private void liveToTheEnd(RunningCoordinator coordinator) throws Exception {
    try (AppProcess app = start(coordinator)) {
      app.await("done", NOT_STUCK);
      app.leave();
      assertThat(app.lines()).contains("recommended 5", "closed");
      assertThat(app.linesOf("result")).last().asString().startsWith("CONTRIBUTED: ");
      assertThat(app.linesOf("status"))
          .filteredOn(status -> !status.startsWith("CLOSED"))
          .last()
          .isEqualTo("READY: Recommendations work.");
      assertThatAllHolds(app, coordinator);
      assertThat(eventsThere).as("events, all of them acknowledged").isEqualTo(eventsAcknowledged);
    }
  }

  private AppProcess start(RunningCoordinator coordinator) throws Exception {
    return AppProcess.start(
        RunningCoordinator.installation().root(),
        ShopApp.class,
        AppProcess.SHORT_LIVED,
        directory.resolve("device"),
        coordinator.word(),
        eventsThere + 1);
  }

  private static Phase phase(AppProcess app) {
    List<String> lines = app.lines();
    Phase phase = lines.contains("opened") ? Phase.RECORDING : Phase.BEFORE_OPEN;
    for (String line : lines) {
      if (line.startsWith("step ")) {
        phase = Phase.valueOf(line.substring("step ".length()));
      } else if (line.startsWith("result CONTRIBUTED")) {
        phase = Phase.AFTER;
      }
    }
    return phase;
  }

  // ---- what must hold after each death ----

  private void assertThatAllHolds(AppProcess app, RunningCoordinator coordinator) throws Exception {
    assertThatItNeverFailed(app);
    DeviceAfterDeath left =
        DeviceAfterDeath.examine(directory.resolve("device"), directory.resolve("copy"));
    assertThatEventsAreThere(app, left.numbers());
    assertThatTheLedgerIsTrue(left.ledger(), coordinator);
    int model = left.model().isPresent() ? left.model().get().modelVersion() : -1;
    assertThat(model).as("version of the model installed").isGreaterThanOrEqualTo(modelThere);
    modelThere = model;
  }

  private static void assertThatItNeverFailed(AppProcess app) {
    assertThat(app.lines())
        .allMatch(
            line ->
                line.matches(
                    "(begun|opened|sent|recorded|step|result|model|status|recommended|done|closed)"
                        + "( .*)?"))
        .noneMatch(line -> line.startsWith("status NEEDS_ATTENTION"));
  }

  private void assertThatEventsAreThere(AppProcess app, List<Long> numbers) {
    for (String recorded : app.linesOf("recorded")) {
      assertThat(Long.parseLong(recorded))
          .as("acknowledged in order")
          .isGreaterThan(eventsAcknowledged);
      eventsAcknowledged = Long.parseLong(recorded);
    }
    long last = numbers.isEmpty() ? 0 : numbers.get(numbers.size() - 1);
    assertThat(last)
        .as("the last event")
        .isBetween(Math.max(eventsAcknowledged, eventsThere), eventsThere + ShopApp.EVENTS_MAX);
    long kept = Math.min(last, ShopApp.RETENTION.eventsMax());
    assertThat(numbers)
        .as("the latest %d events, each once and in order", kept)
        .isEqualTo(IntStream.range(0, (int) kept).mapToObj(i -> last - kept + 1 + i).toList());
    eventsThere = last;
  }

  /** An update that the coordinator has is in the ledger, and no round has two. */
  private void assertThatTheLedgerIsTrue(List<LedgerEntry> ledger, RunningCoordinator coordinator)
      throws Exception {
    Set<Long> aggregated = completedRounds(coordinator);
    List<Long> rounds = ledger.stream().map(LedgerEntry::round).collect(Collectors.toList());
    assertThat(rounds).as("rounds in the ledger").doesNotHaveDuplicates().containsAll(aggregated);
    assertThat(rounds).as("entries do not vanish").containsAll(sent);
    for (LedgerEntry entry : ledger) {
      boolean used = aggregated.contains(entry.round());
      switch (entry.result()) {
        case CONTRIBUTED -> assertThat(used).as("%s", entry).isTrue();
        case NOT_USED -> assertThat(used).as("%s", entry).isFalse();
        case UNKNOWN -> {
          // Both are possible.
        }
      }
    }
    sent = rounds;
  }

  private Set<Long> completedRounds(RunningCoordinator coordinator) throws Exception {
    JsonNode rounds = coordinator.api().rounds(ShopPlan.ID, roundsSettled, 100);
    boolean settled = true;
    for (JsonNode round : rounds) {
      String state = round.path("state").asText();
      long number = round.path("round").asLong();
      if (state.equals("COMPLETED")) {
        assertThat(round.path("contributors").asInt()).isEqualTo(1);
        completed.add(number);
      }
      settled &= state.equals("COMPLETED") || state.equals("ABANDONED");
      if (settled) {
        roundsSettled = number;
      }
    }
    return completed;
  }
}
