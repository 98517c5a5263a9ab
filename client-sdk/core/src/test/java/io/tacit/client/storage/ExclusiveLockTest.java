package io.tacit.client.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExclusiveLockTest {

  @TempDir Path directory;

  @Test
  void has_one_owner_whatever_path_leads_to_it() throws IOException {
    Path lock = directory.resolve("lock");
    Path link = Files.createSymbolicLink(directory.resolve("link"), directory);
    ExclusiveLock held = ExclusiveLock.acquire(lock);
    assertThatThrownBy(() -> ExclusiveLock.acquire(lock)).isInstanceOf(InUseException.class);
    assertThatThrownBy(() -> ExclusiveLock.acquire(link.resolve("lock")))
        .isInstanceOf(InUseException.class)
        .hasMessage(
            link.resolve("lock")
                + " is held by someone else; use one store per directory, and close the other"
                + " process that has it open");
    held.close();
    held.close();
    try (ExclusiveLock next = ExclusiveLock.acquire(link.resolve("lock"))) {
      held.close();
      assertThat(next).isNotNull();
      assertThatThrownBy(() -> ExclusiveLock.acquire(lock)).isInstanceOf(InUseException.class);
    }
  }

  @Test
  void one_that_could_not_be_taken_can_be_tried_again() throws IOException {
    Path lock = directory.resolve("lock");
    Files.createDirectory(lock);
    assertThatThrownBy(() -> ExclusiveLock.acquire(lock)).isInstanceOf(IOException.class);
    Files.delete(lock);
    ExclusiveLock.acquire(lock).close();
  }
}
