package io.tacit.enrolment;

import static io.tacit.enrolment.TestAuthority.issued;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.enrolment.IssuanceOutcome.Issued;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnrolmentDatabaseTest {

  @TempDir Path directory;

  @Test
  void what_was_answered_is_known_after_a_restart() {
    TestDevice device = TestDevice.ed25519();
    EnrolmentDatabase before = EnrolmentDatabase.openFile(directory.resolve("books"));
    TestAuthority test = TestAuthority.create(before, UnaryOperator.identity());
    String token = test.token();
    DeviceCertificate certificate = issued(test.authority().enrol(device.enrolment(token)));
    before.close();

    try (EnrolmentDatabase after = EnrolmentDatabase.openFile(directory.resolve("books"))) {
      EnrolmentAuthority restarted = restarted(test, after);

      assertThat(restarted.enrol(device.enrolment(token))).isEqualTo(new Issued(certificate, true));
      assertTokenUsed(restarted.enrol(TestDevice.ed25519().enrolment(token)));
    }
  }

  /** The file as it lies on the disk while the process still runs: what a killed process leaves. */
  @Test
  void what_was_answered_survives_the_death_of_the_process() throws IOException {
    TestDevice device = TestDevice.ed25519();
    try (EnrolmentDatabase running = EnrolmentDatabase.openFile(directory.resolve("books"))) {
      TestAuthority test = TestAuthority.create(running, UnaryOperator.identity());
      String token = test.token();
      DeviceCertificate certificate = issued(test.authority().enrol(device.enrolment(token)));
      test.authority().revoke(test.enrol(TestDevice.p256()).serial(), RevocationReason.UNSPECIFIED);

      Files.copy(directory.resolve("books.mv.db"), directory.resolve("left.mv.db"));

      try (EnrolmentDatabase left = EnrolmentDatabase.openFile(directory.resolve("left"))) {
        EnrolmentAuthority restarted = restarted(test, left);
        assertThat(restarted.enrol(device.enrolment(token)))
            .isEqualTo(new Issued(certificate, true));
        assertTokenUsed(restarted.enrol(TestDevice.ed25519().enrolment(token)));
        assertThat(restarted.revocationList().epoch()).isEqualTo(1);
      }
    }
  }

  @Test
  void nothing_is_issued_when_the_books_can_not_be_written() {
    AtomicBoolean broken = new AtomicBoolean();
    JdbcConnectionPool pool =
        JdbcConnectionPool.create(
            "jdbc:h2:mem:broken;MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1",
            "sa",
            "");
    TestAuthority test =
        TestAuthority.create(
            EnrolmentDatabase.of(failingCommits(pool, broken)), UnaryOperator.identity());
    String token = test.token();
    TestDevice device = TestDevice.ed25519();

    broken.set(true);
    assertThatThrownBy(() -> test.authority().enrol(device.enrolment(token)))
        .isInstanceOf(EnrolmentDatabaseException.class)
        .hasMessageStartingWith(
            "the enrolment database failed (SQL state 08006: connection lost); check that it runs");

    broken.set(false);
    IssuanceOutcome again = test.authority().enrol(device.enrolment(token));
    assertThat(again)
        .isInstanceOfSatisfying(Issued.class, issued -> assertThat(issued.repeated()).isFalse());
    pool.dispose();
  }

  @Test
  void one_token_gives_one_certificate_however_many_ask_at_once() throws Exception {
    try (EnrolmentDatabase database = EnrolmentDatabase.openFile(directory.resolve("books"))) {
      TestAuthority test = TestAuthority.create(database, UnaryOperator.identity());
      String token = test.tokenOf(TestAuthority.ACCOUNT);
      TestDevice device = TestDevice.ed25519();
      List<Callable<IssuanceOutcome>> calls = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        EnrolmentRequest request = (i % 2 == 0 ? device : TestDevice.ed25519()).enrolment(token);
        calls.add(() -> test.authority().enrol(request));
      }

      List<IssuanceOutcome> outcomes = atOnce(calls);

      Set<DeviceCertificate> certificates =
          Set.copyOf(
              outcomes.stream()
                  .filter(Issued.class::isInstance)
                  .map(outcome -> ((Issued) outcome).certificate())
                  .toList());
      assertThat(certificates).hasSize(1);
      assertThat(outcomes)
          .filteredOn(Refused.class::isInstance)
          .isNotEmpty()
          .allSatisfy(EnrolmentDatabaseTest::assertTokenUsed);
    }
  }

  @Test
  void an_account_never_gets_more_than_its_limit_however_many_ask_at_once() throws Exception {
    try (EnrolmentDatabase database = EnrolmentDatabase.openFile(directory.resolve("books"))) {
      TestAuthority test = TestAuthority.create(database, UnaryOperator.identity());
      List<Callable<IssuanceOutcome>> calls = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        EnrolmentRequest request =
            TestDevice.ed25519().enrolment(test.tokenOf(TestAuthority.ACCOUNT));
        calls.add(() -> test.authority().enrol(request));
      }

      assertThat(atOnce(calls)).filteredOn(Issued.class::isInstance).hasSize(5);
    }
  }

  @Test
  void names_a_file_that_is_no_database() throws IOException {
    Files.writeString(directory.resolve("books.mv.db"), "these are no books".repeat(1_000));

    assertThatThrownBy(() -> EnrolmentDatabase.openFile(directory.resolve("books")))
        .isInstanceOf(EnrolmentDatabaseException.class)
        .hasMessageContaining("books.mv.db");
  }

  @Test
  void refuses_a_path_that_a_url_can_not_hold() {
    assertThatThrownBy(() -> EnrolmentDatabase.openFile(directory.resolve("a;b")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("must have no semicolon; choose another directory");
  }

  private static List<IssuanceOutcome> atOnce(List<Callable<IssuanceOutcome>> calls)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(calls.size());
    try {
      List<IssuanceOutcome> outcomes = new ArrayList<>();
      for (Future<IssuanceOutcome> future : threads.invokeAll(calls)) {
        outcomes.add(future.get());
      }
      return outcomes;
    } finally {
      threads.shutdownNow();
    }
  }

  private static EnrolmentAuthority restarted(TestAuthority test, EnrolmentDatabase database) {
    return new EnrolmentAuthority(
        test.root(),
        EnrolmentSettings.defaults(
            Set.of(TestAuthority.POPULATION), List.of(test.backend().publicKey())),
        database,
        Attestor.none(),
        new SecureRandom(),
        test.clock());
  }

  private static void assertTokenUsed(IssuanceOutcome outcome) {
    assertThat(outcome)
        .isEqualTo(
            Refused.because(RefusalReason.TOKEN_USED, "token was used before; get a new one"));
  }

  private static DataSource failingCommits(DataSource source, AtomicBoolean broken) {
    return (DataSource)
        Proxy.newProxyInstance(
            DataSource.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, arguments) -> {
              Object result = method.invoke(source, arguments);
              return result instanceof Connection connection
                  ? failingCommits(connection, broken)
                  : result;
            });
  }

  private static Connection failingCommits(Connection connection, AtomicBoolean broken) {
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("commit") && broken.get()) {
                throw new SQLException("connection lost", "08006");
              }
              try {
                return method.invoke(connection, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
