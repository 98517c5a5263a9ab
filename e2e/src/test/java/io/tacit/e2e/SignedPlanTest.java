package io.tacit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.client.ClientStatus;
import io.tacit.client.Participation;
import io.tacit.client.TacitClient;
import io.tacit.client.policy.ClientPolicy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From an owner's key to apps that pin it, by the commands of the guide and a real coordinator. */
class SignedPlanTest {

  @TempDir Path directory;

  private record Run(int exitCode, String output) {}

  private Run tacit(String... arguments) throws Exception {
    Path root = RunningCoordinator.installation().root();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dtacit.home=" + root);
    command.addAll(List.of("-jar", root.resolve("cli/target/tacit-cli.jar").toString()));
    command.addAll(List.of(arguments));
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ended in time").isTrue();
    return new Run(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
  }

  private Path createKey(String name) throws Exception {
    Path key = directory.resolve(name + ".pem");
    Run run = tacit("key", "create", "--out", key.toString());
    assertThat(run.exitCode).as(run.output).isZero();
    Files.writeString(publicHalf(key), tacit("key", "show", key.toString()).output);
    return key;
  }

  private static Path publicHalf(Path key) {
    return key.resolveSibling(key.getFileName() + ".public");
  }

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

  private Run apply(RunningCoordinator coordinator, Path plan, String... more) throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "plan",
                "apply",
                plan.toString(),
                "--url",
                coordinator.process().url().toString(),
                "--trust",
                coordinator.process().authority().toString(),
                "--token-file",
                Files.writeString(directory.resolve("token"), coordinator.token().reveal())
                    .toString()));
    arguments.addAll(List.of(more));
    return tacit(arguments.toArray(String[]::new));
  }

  private Participation participate(RunningCoordinator coordinator, Path pinned) throws Exception {
    try (TacitClient client =
        TacitClient.builder(directory.resolve("of-" + pinned.getFileName()), "shop")
            .policy(ClientPolicy.development().withTaskKeys(Files.readString(publicHalf(pinned))))
            .coordinator(coordinator.address())
            .build()) {
      AtomicReference<Participation> last = new AtomicReference<>();
      RunningCoordinator.await(
          "a round",
          Duration.ofSeconds(60),
          () -> {
            last.set(client.participate().join());
            return Objects.requireNonNull(last.get()).result() != Participation.Result.NOTHING_TO_DO;
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
    Path owner = createKey("owner");
    Path stranger = createKey("stranger");
    Path plan = writePlan();
    try (RunningCoordinator coordinator = new RunningCoordinator(directory)) {
      coordinator.startAgainWith("tacit.task-keys", publicHalf(owner).toString());

      assertThat(apply(coordinator, plan).output)
          .contains("plan shop version 1 is not signed, must be signed with task key ");
      assertThat(apply(coordinator, plan, "--key", stranger.toString()).output)
          .contains("plan shop version 1 is signed with task key ");
      Run signed = apply(coordinator, plan, "--key", owner.toString());
      assertThat(signed.output).startsWith("Plan shop version 1, signed, is ACTIVE, hash ");
      assertThat(signed.exitCode).isZero();

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
