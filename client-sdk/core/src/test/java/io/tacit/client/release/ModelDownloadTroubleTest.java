package io.tacit.client.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.tacit.client.connection.ConnectionException;
import io.tacit.client.connection.ScriptedCoordinator;
import io.tacit.client.recommend.ModelStore;
import io.tacit.client.release.ModelDownloadOutcome.Installed;
import io.tacit.client.release.ModelDownloadOutcome.NoConnection;
import io.tacit.client.release.ModelDownloadOutcome.Reason;
import io.tacit.client.release.ModelDownloadOutcome.Refused;
import io.tacit.protocol.ContentHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Downloads that break off, a coordinator that is away, and files that were damaged. */
class ModelDownloadTroubleTest extends ModelDownloadFixture {

  @Test
  void a_file_that_the_coordinator_has_not_is_asked_for_again_later() throws IOException {
    coordinator.publish(PLAN.toBytes());
    ContentHash gone = byBias(1).contentHash();
    announce(announcement(PLAN, 1, gone));

    assertThat(update())
        .isEqualTo(
            new Refused(
                Reason.MISSING, "the coordinator has no model " + gone + "; ask again later"));
  }

  @Test
  void a_download_that_breaks_off_goes_on_where_it_stopped() throws IOException {
    ContentHash model = release(PLAN, 1, byBias(1));
    coordinator.downloadChunkBytes = 10;
    coordinator.downloadCuts.addAll(List.of(20, 50));

    assertThat(update()).isEqualTo(new Installed(model));
    assertThat(coordinator.calls())
        .containsExactly(
            "current models",
            "download 0",
            "download 20",
            "download 50",
            "download 0",
            "download 0");
  }

  @Test
  void a_download_that_brings_nothing_is_not_repeated() throws IOException {
    release(PLAN, 1, byBias(1));
    coordinator.downloadCuts.addAll(List.of(0, 0));

    assertThat(update())
        .isEqualTo(
            new NoConnection(
                ConnectionException.Reason.UNAVAILABLE,
                "coordinator answered UNAVAILABLE: cut by script",
                Duration.ofSeconds(20)));
    assertThat(coordinator.calls()).containsExactly("current models", "download 0");
  }

  @Test
  void a_coordinator_that_is_away_or_busy_is_an_outcome_and_the_model_stays() throws IOException {
    release(PLAN, 1, byBias(1));
    update();
    coordinator.onCurrentModels =
        request -> {
          throw ScriptedCoordinator.failure(Status.RESOURCE_EXHAUSTED, "BUSY", "2500");
        };
    assertThat(update())
        .isEqualTo(
            new NoConnection(
                ConnectionException.Reason.TOO_BUSY,
                "coordinator answered RESOURCE_EXHAUSTED (BUSY)",
                Duration.ofMillis(2500)));
    coordinator.stop();

    assertThat(update())
        .isInstanceOfSatisfying(
            NoConnection.class,
            away -> {
              assertThat(away.reason()).isEqualTo(ConnectionException.Reason.UNAVAILABLE);
              assertThat(away.retryAfter()).isEqualTo(Duration.ofSeconds(20));
            });
    assertThat(best()).isEqualTo("Elder");
  }

  @Test
  void damaged_files_are_removed_at_the_start_and_fetched_again() throws IOException {
    ContentHash model = release(PLAN, 1, byBias(1));
    update();
    Path file = storage.file("installed-model-" + model.toHex());
    damage(file);

    ModelStore.Opened opened = ModelStore.openOrReset(storage);
    store = opened.store();

    assertThat(opened.modelDamage())
        .contains(
            file
                + " does not match its checksum; restore it from a backup, or delete it to start"
                + " anew");
    assertThat(store.installed()).isEmpty();
    assertThat(storage.names()).containsExactly("round-" + PLAN.id());
    assertThat(update()).isEqualTo(new Installed(model));
    assertThat(ModelStore.openOrReset(storage).modelDamage()).isEmpty();
    assertThat(best()).isEqualTo("Elder");
  }

  @Test
  void a_file_that_is_damaged_while_the_app_runs_is_fetched_again() throws IOException {
    release(PLAN, 1, byBias(1));
    update();
    damage(storage.file("installed-catalogue-" + ContentHash.of(CATALOGUE).toHex()));
    ContentHash next = release(PLAN, 2, byBias(-1));

    assertThat(update()).isEqualTo(new Installed(next));

    assertThat(ModelStore.open(storage).modelHash()).contains(next);
  }

  private static void damage(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void an_interrupt_is_an_outcome_and_stays_set() throws IOException {
    release(PLAN, 1, byBias(1));
    Thread.currentThread().interrupt();
    try {
      assertThat(update())
          .isInstanceOfSatisfying(
              NoConnection.class,
              stopped ->
                  assertThat(stopped.reason()).isEqualTo(ConnectionException.Reason.INTERRUPTED));
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
  }
}
