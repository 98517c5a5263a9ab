package io.tacit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.client.ClientStatus;
import io.tacit.client.Participation;
import io.tacit.client.Storage;
import io.tacit.client.TacitClient;
import io.tacit.client.policy.ClientPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From an owner's key to apps that pin it, by the commands of the guide and a real coordinator. */
class SignedPlanTest {

  @TempDir Path directory;

  /** The plan of the example shop, with an end. */
  private Path writePlan() throws Exception {
    Path plans = RunningCoordinator.installation().root().resolve("deploy/plans");
    Files.copy(plans.resolve("shop-catalogue.txt"), directory.resolve("shop-catalogue.txt"));
    return Files.writeString(
        directory.resolve("shop.yaml"),
        Files.readString(plans.resolve("shop.yaml"))
            + "\nnot-after: "
            + LocalDate.now(ZoneOffset.UTC).plusDays(30)
            + "\n");
  }

  private TacitCommand.Run apply(RunningCoordinator coordinator, Path plan, String... more)
      throws Exception {
    return new TacitCommand(directory)
        .at(
            coordinator,
            Stream.concat(Stream.of("plan", "apply", plan.toString()), Stream.of(more))
                .toArray(String[]::new));
  }

  private Participation participate(RunningCoordinator coordinator, Path pinned) throws Exception {
    try (TacitClient client =
        TacitClient.builder(directory.resolve("of-" + pinned.getFileName()), "shop")
            .storage(Storage.encrypted("of this test".toCharArray()))
            .policy(
                ClientPolicy.development()
                    .withTaskKeys(Files.readString(TacitCommand.publicHalf(pinned))))
            .coordinator(coordinator.address())
            .build()) {
      AtomicReference<Participation> last = new AtomicReference<>();
      RunningCoordinator.await(
          "a round",
          Duration.ofSeconds(60),
          () -> {
            last.set(client.participate().join());
            return Objects.requireNonNull(last.get()).result()
                != Participation.Result.NOTHING_TO_DO;
          });
      Participation found = Objects.requireNonNull(last.get());
      boolean isDeclined = found.result() == Participation.Result.DECLINED;
      assertThat(client.status().state() == ClientStatus.State.NEEDS_ATTENTION)
          .as(client.status().toString())
          .isEqualTo(isDeclined);
      return found;
    }
  }

  @Test
  void only_apps_that_pin_the_owners_key_follow_the_plan_that_the_owner_signed() throws Exception {
    TacitCommand tacit = new TacitCommand(directory);
    Path owner = tacit.createKey("owner");
    Path stranger = tacit.createKey("stranger");
    Path plan = writePlan();
    try (RunningCoordinator coordinator =
        new RunningCoordinator(
            directory, Map.of("tacit.task-keys", TacitCommand.publicHalf(owner).toString()))) {

      assertThat(apply(coordinator, plan).output())
          .contains("plan shop version 1 is not signed, must be signed with task key ");
      assertThat(apply(coordinator, plan, "--key", stranger.toString()).output())
          .contains("plan shop version 1 is signed with task key ");
      TacitCommand.Run signed = apply(coordinator, plan, "--key", owner.toString());
      assertThat(signed.output()).startsWith("Plan shop version 1, signed, is ACTIVE, hash ");
      assertThat(signed.exitCode()).isZero();

      // It knows nobody's behaviour, so that it has nothing against the plan but that.
      assertThat(participate(coordinator, owner).result())
          .isEqualTo(Participation.Result.NOT_ELIGIBLE);
      assertThat(participate(coordinator, stranger).toString())
          .startsWith("DECLINED: This device declines round shop#")
          .contains(": plan shop version 1 is signed with task key ")
          .endsWith(", which this app does not pin; sign it with the app's key, or pin this one.");
    }
  }
}
