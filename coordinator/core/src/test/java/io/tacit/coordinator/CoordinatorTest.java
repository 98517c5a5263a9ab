package io.tacit.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CoordinatorTest {

  @TempDir Path directory;

  @Test
  void a_second_coordinator_on_the_same_directory_is_refused_and_harms_nothing() {
    try (Coordinator first = CrashingCoordinator.open(directory, round -> {})) {
      first.plans().apply(CrashingCoordinator.PLAN);

      assertThatThrownBy(() -> CrashingCoordinator.open(directory, round -> {}))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessage(
              "Cannot use data directory "
                  + directory
                  + ": another coordinator or authority is running on it; stop that one, or choose"
                  + " another one with tacit.data-directory");
      assertThat(first.plans().find(CrashingCoordinator.PLAN.id())).isPresent();
    }
    try (Coordinator next = CrashingCoordinator.open(directory, round -> {})) {
      assertThat(next.plans().find(CrashingCoordinator.PLAN.id())).isPresent();
    }
  }

  @Test
  void a_path_that_is_a_file_is_refused() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));

    assertThatThrownBy(() -> CrashingCoordinator.open(file, round -> {}))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage(
            "Cannot use data directory "
                + file
                + ": java.nio.file.FileAlreadyExistsException: "
                + file
                + "; make it writable, or choose another one with tacit.data-directory");
  }

  @Test
  void a_torn_ticket_key_is_refused_with_its_remedy_and_lets_go_of_the_directory()
      throws Exception {
    Path key = directory.resolve("ticket.key");
    Files.write(key, new byte[5]);

    assertThatThrownBy(() -> CrashingCoordinator.open(directory, round -> {}))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(
            "ticket key file "
                + key
                + " has 5 bytes, must have 32; delete it, which ends the sessions that are going"
                + " on");
    Files.delete(key);
    CrashingCoordinator.open(directory, round -> {}).close();
    assertThat(Files.size(key)).isEqualTo(32);
  }
}
