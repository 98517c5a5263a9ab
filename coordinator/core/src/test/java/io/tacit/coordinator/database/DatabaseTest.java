package io.tacit.coordinator.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {

  private static final String INSERT =
      "insert into model_version (plan_id, version, round, hash, parameters, clients, created_at)"
          + " values (?, ?, ?, ?, ?, ?, ?)";

  @TempDir Path directory;

  @Test
  void commits_what_the_work_did_and_returns_its_result() {
    try (Database database = Database.inMemory()) {
      int rows = database.inTransaction(transaction -> insert(transaction, 3));

      assertThat(rows).isEqualTo(1);
      assertThat(versions(database)).containsExactly(3);
    }
  }

  @Test
  void keeps_nothing_of_work_that_threw() {
    try (Database database = Database.inMemory()) {
      IllegalStateException reason = new IllegalStateException("half way");

      assertThatThrownBy(
              () ->
                  database.doInTransaction(
                      transaction -> {
                        insert(transaction, 0);
                        throw reason;
                      }))
          .isSameAs(reason);
      assertThat(versions(database)).isEmpty();
    }
  }

  @Test
  void says_that_it_has_committed_when_others_see_it_and_never_of_what_was_rolled_back() {
    try (Database database = Database.inMemory()) {
      List<List<Integer>> seen = new ArrayList<>();
      Runnable look = () -> seen.add(versions(database));

      assertThatThrownBy(
              () ->
                  database.doInTransaction(
                      transaction -> {
                        insert(transaction, 0);
                        transaction.afterCommit(look);
                        throw new IllegalStateException("half way");
                      }))
          .hasMessage("half way");
      database.doInTransaction(
          transaction -> {
            transaction.afterCommit(look);
            insert(transaction, 1);
          });

      assertThat(seen).containsExactly(List.of(1));
    }
  }

  @Test
  void tells_a_taken_key_apart_from_other_failures() {
    try (Database database = Database.inMemory()) {
      database.doInTransaction(transaction -> insert(transaction, 0));

      assertThatThrownBy(() -> database.doInTransaction(transaction -> insert(transaction, 0)))
          .isInstanceOf(DuplicateRowException.class);
      assertThatThrownBy(
              () -> database.doInTransaction(transaction -> transaction.update("insert nonsense")))
          .isExactlyInstanceOf(DatabaseException.class)
          .hasMessageStartingWith("the database refused a statement (SQL state 42");
    }
  }

  @Test
  void finds_what_was_committed_before_the_file_was_closed() {
    Path file = directory.resolve("a directory with spaces").resolve("tacit");
    try (Database database = Database.openFile(file)) {
      database.doInTransaction(transaction -> insert(transaction, 0));
      database.makeDurable();
    }
    try (Database database = Database.openFile(file)) {
      assertThat(versions(database)).containsExactly(0);
    }
  }

  @Test
  void finds_what_was_committed_before_the_process_was_halted() throws Exception {
    Path file = directory.resolve("tacit");
    Process process = start(CommitsAndHalts.class, file);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(CommitsAndHalts.EXIT_CODE);

    try (Database database = Database.openFile(file)) {
      assertThat(versions(database)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }
  }

  /** A child process: ten transitions, then as good as kill -9. */
  static final class CommitsAndHalts {

    static final int EXIT_CODE = 42;

    private CommitsAndHalts() {}

    public static void main(String[] arguments) {
      Database database = Database.openFile(Path.of(arguments[0]));
      for (int version = 0; version < 10; version++) {
        int next = version;
        database.doInTransaction(transaction -> insert(transaction, next));
        database.makeDurable();
      }
      Runtime.getRuntime().halt(EXIT_CODE);
    }
  }

  @Test
  void says_that_a_file_of_another_process_is_not_available() throws Exception {
    Path file = directory.resolve("tacit");
    Process process = start(OpensAndWaits.class, file);
    try {
      assertThat(process.inputReader().readLine()).isEqualTo("open");

      assertThatThrownBy(() -> Database.openFile(file))
          .isInstanceOf(DatabaseUnavailableException.class)
          .hasMessageStartingWith(
              "the database is not available; check that it runs, that no other process has its"
                  + " file open, and that the disk has space");
    } finally {
      process.destroyForcibly();
      process.waitFor();
    }
  }

  /** A child process that has the file open until it is ended. */
  static final class OpensAndWaits {

    private OpensAndWaits() {}

    public static void main(String[] arguments) throws IOException {
      try (Database database = Database.openFile(Path.of(arguments[0]))) {
        database.makeDurable();
        System.out.println("open");
        System.in.read();
      }
    }
  }

  private static Process start(Class<?> main, Path file) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            main.getName(),
            file.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  @Test
  void refuses_a_path_that_would_end_its_url() {
    assertThatThrownBy(() -> Database.fileUrl(Path.of("/data;x/tacit")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "database path is /data;x/tacit, must have no semicolon; choose another data"
                + " directory");
  }

  @Test
  void databases_in_memory_have_nothing_in_common() {
    try (Database one = Database.inMemory();
        Database other = Database.inMemory()) {
      one.doInTransaction(transaction -> insert(transaction, 0));

      assertThat(versions(other)).isEmpty();
    }
  }

  @Test
  void gives_back_every_type_of_value_it_was_given() {
    Instant now = Instant.parse("2026-11-24T10:15:30.123Z");
    try (Database database = Database.inMemory()) {
      database.doInTransaction(
          transaction -> {
            transaction.update(
                "create table t (b bytea, f boolean, l bigint, i timestamp with"
                    + " time zone, n varchar(9))");
            transaction.update(
                "insert into t values (?, ?, ?, ?, ?)",
                new byte[] {1, 2},
                true,
                1L << 40,
                now,
                null);
          });

      Optional<List<Object>> row =
          database.inTransaction(
              transaction ->
                  transaction.first(
                      r ->
                          List.of(
                              r.bytes("b")[1],
                              r.truth("f"),
                              r.longInteger("l"),
                              r.instant("i"),
                              r.textOrNull("n") == null,
                              r.instantOrNull("i") == null),
                      "select * from t"));
      assertThat(row).contains(List.of((byte) 2, true, 1L << 40, now, true, false));
    }
  }

  private static int insert(Transaction transaction, int version) {
    return transaction.update(INSERT, "p", version, version, "00", 1, 0, Instant.EPOCH);
  }

  private static List<Integer> versions(Database database) {
    return database.inTransaction(
        transaction ->
            transaction.list(
                row -> row.integer("version"),
                "select version from model_version order by version"));
  }
}
