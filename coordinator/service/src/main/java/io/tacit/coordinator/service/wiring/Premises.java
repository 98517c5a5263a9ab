package io.tacit.coordinator.service.wiring;

import io.tacit.coordinator.Coordinator;
import io.tacit.coordinator.DirectoryLock;
import io.tacit.coordinator.audit.AuditLog;
import io.tacit.coordinator.database.Database;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/**
 * The data directory that this process has taken possession of, with what is always in it. Who
 * keeps a file there asks for this first: another process may have the directory.
 *
 * @param directory of this process alone until it closes this
 * @param audit what people did here
 * @param coordinator empty if the process is an authority of devices alone
 * @param whenClosed lets go of the directory
 */
record Premises(
    Path directory, AuditLog audit, Optional<Coordinator> coordinator, Runnable whenClosed)
    implements AutoCloseable {

  /** Those of a coordinator, which it has opened already. */
  static Premises of(Coordinator coordinator, Path directory) {
    return new Premises(
        directory, coordinator.audit(), Optional.of(coordinator), coordinator::close);
  }

  /**
   * Those of an authority of devices alone: an audit log in {@code audit.mv.db}.
   *
   * @throws java.io.UncheckedIOException if the directory can not be made or written, or another
   *     process has it
   */
  static Premises ofAuthority(Path directory, Clock clock) {
    DirectoryLock lock = DirectoryLock.take(directory);
    try {
      Database database = Database.openFile(directory.resolve("audit"));
      return new Premises(
          directory,
          new AuditLog(database, clock),
          Optional.empty(),
          () -> {
            try (lock;
                database) {
              // Nothing: closing them is all.
            }
          });
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  @Override
  public void close() {
    whenClosed.run();
  }
}
