package io.tacit.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.cli.process.CoordinatorProcess;
import io.tacit.cli.process.CoordinatorSettings;
import io.tacit.cli.process.CoordinatorStartException;
import io.tacit.cli.rest.AccessToken;
import io.tacit.cli.rest.CoordinatorApi;
import io.tacit.cli.rest.RefusedException;
import io.tacit.client.ClientStatus;
import io.tacit.client.CoordinatorAddress;
import io.tacit.client.EnrolmentTokens;
import io.tacit.client.Participation;
import io.tacit.client.Storage;
import io.tacit.client.TacitClient;
import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.policy.ClientPolicy;
import io.tacit.coordinator.plans.PlanFile;
import io.tacit.e2e.app.Coordinators;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A coordinator that takes enrolled devices alone, and a real client over TLS. */
@Timeout(300)
class EnrolmentTest {

  private static final int ATTEMPTS_MAX = 100;

  /** A certificate that OpenSSL made of a key of its own. */
  private static final String OTHER_AUTHORITY =
      """
      -----BEGIN CERTIFICATE-----
      MIIBIzCB1qADAgECAgEBMAUGAytlcDARMQ8wDQYDVQQDDAZkZXZpY2UwHhcNMjYx
      MTI0MTczNTQwWhcNMjcwMjIyMTczNTQwWjARMQ8wDQYDVQQDDAZkZXZpY2UwKjAF
      BgMrZXADIQADoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuKNTMFEwHQYD
      VR0OBBYEFP2Bpttk1vr39wLAeXGoLCXB3DyQMB8GA1UdIwQYMBaAFP2Bpttk1vr3
      9wLAeXGoLCXB3DyQMA8GA1UdEwEB/wQFMAMBAf8wBQYDK2VwA0EAw6JXu7j4zhHT
      r6TLWfeDeB2uJJtxCWTDyUG+tTgMBpzAeiWTcLuGkTywRMERGN2BuB0llX+iB8nq
      RI79F8STBg==
      -----END CERTIFICATE-----
      """;

  @TempDir Path directory;
  private final AccessToken admin = AccessToken.generate(new SecureRandom());
  private final AtomicInteger tokensFetched = new AtomicInteger();

  @Test
  void a_client_enrols_and_contributes_until_it_is_revoked_and_then_says_why_it_can_not()
      throws Exception {
    Path authority = directory.resolve("authority");
    assertThat(RunningCoordinator.installation().makeAuthority(authority)).isZero();
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(authority.resolve("root.pem"))))
        .isEqualTo("rw-------");
    assertThat(RunningCoordinator.installation().makeAuthority(authority))
        .as("made over another one")
        .isEqualTo(1);
    try (CoordinatorProcess coordinator =
        start("data", Map.of("tacit.enrolment.directory", authority.toString()))) {
      CoordinatorApi api = coordinator.api(admin);
      api.applyPlan(PlanFile.toYaml(OneRoundPlan.of(1, 4)).getBytes(UTF_8), "application/yaml");

      try (TacitClient stranger = client("stranger", coordinator).build()) {
        Participation refused = stranger.participate().join();
        assertThat(refused.result()).isEqualTo(Participation.Result.NOT_ADMITTED);
        assertThat(refused.message()).contains("TOKEN_MISSING");
      }

      EnrolmentTokens backend = backend(api);
      try (TacitClient distrustful =
          client("distrustful", coordinator).enrolment(backend, pem(OTHER_AUTHORITY)).build()) {
        Participation refused = distrustful.participate().join();
        assertThat(refused.result()).isEqualTo(Participation.Result.NOT_ADMITTED);
        assertThat(refused.message())
            .isEqualTo(
                "This device is not admitted: the coordinator's certificate for this device is"
                    + " signed by none of the 1 authorities that the app pins; it was not kept.");
        assertThat(directory.resolve("distrustful/state/certificate")).doesNotExist();
      }

      String root = api.enrolmentRoot().path("certificate").asText();
      assertThat(Files.readString(authority.resolve("root.pem"))).endsWith(root);
      assertThat(directory.resolve("data/enrolment")).doesNotExist();
      try (TacitClient client =
          client("device", coordinator).enrolment(backend, pem(root)).build()) {
        record(client);
        assertThat(contribution(client).message()).startsWith("This device's update is one of 1");

        api.revoke(client.certificateSerial().join().orElseThrow(), "KEY_COMPROMISE");

        Participation refused = client.participate().join();
        assertThat(refused.result()).isEqualTo(Participation.Result.NOT_ADMITTED);
        assertThat(refused.message()).contains("CERTIFICATE_REVOKED", "was revoked or replaced");
        assertThat(client.status().state()).isEqualTo(ClientStatus.State.NEEDS_ATTENTION);
        assertThat(client.status().message()).isEqualTo(refused.message());
      }
      assertThat(tokensFetched).hasValue(2);
    }
    assertThat(Files.readString(directory.resolve("data.log")))
        .contains("CERTIFICATE_REVOKED: tacit.v1.", "TOKEN_MISSING: tacit.v1.");
  }

  @Test
  void the_authority_can_be_a_process_of_its_own_whose_key_the_coordinator_never_has()
      throws Exception {
    Path root = directory.resolve("devices.pem");
    Path list = directory.resolve("revocations.crl");
    try (CoordinatorProcess authority = start("authority", Map.of("tacit.role", "authority"))) {
      CoordinatorApi ca = authority.api(admin);
      assertThatItIsNothingElse(authority, ca);
      Files.writeString(root, ca.enrolmentRoot().path("certificate").asText());
      ca.downloadRevocations(list);
      Map<String, String> elsewhere =
          Map.of(
              "tacit.enrolment.root", root.toString(),
              "tacit.enrolment.revocations", list.toString());
      try (CoordinatorProcess coordinator = start("coordinator", elsewhere);
          TacitClient client =
              client("device", coordinator)
                  .enrolmentAt(address(authority), backend(ca), Files.newInputStream(root))
                  .build()) {
        CoordinatorApi api = coordinator.api(admin);
        api.applyPlan(PlanFile.toYaml(OneRoundPlan.of(1, 4)).getBytes(UTF_8), "application/yaml");
        record(client);
        assertThat(contribution(client).message()).startsWith("This device's update is one of 1");
        assertThatThrownBy(() -> api.mintToken("one-round", 600))
            .isInstanceOf(RefusedException.class)
            .hasMessageContaining("it is elsewhere (tacit.enrolment.root); ask its operator");
        String key = rootKey();
        assertThat(filesWith(key, "authority")).containsExactly("root.pem");
        assertThat(filesWith(key, "coordinator")).isEmpty();
        assertThat(directory.resolve("coordinator/enrolment")).doesNotExist();

        ca.revoke(client.certificateSerial().join().orElseThrow(), "KEY_COMPROMISE");
        ca.downloadRevocations(list);

        Participation last = client.participate().join();
        for (int i = 1; i < ATTEMPTS_MAX && !isRevoked(last); i++) {
          TimeUnit.MILLISECONDS.sleep(200);
          last = client.participate().join();
        }
        assertThat(last.message()).contains("CERTIFICATE_REVOKED");
      }
      assertThat(ca.audit(0, 10))
          .extracting(entry -> entry.path("action").asText())
          .containsExactly("POST /api/v1/enrolment/tokens", "POST /api/v1/enrolment/revocations");
    }
  }

  /** No door of a coordinator, nothing of one on the disk, and no second process beside it. */
  private void assertThatItIsNothingElse(CoordinatorProcess authority, CoordinatorApi api)
      throws Exception {
    assertThat(names("authority"))
        .containsExactlyInAnyOrder(
            "audit.mv.db", "enrolment.mv.db", "lock", "root.pem", "tls", "token.key");
    byte[] plan = PlanFile.toYaml(OneRoundPlan.of(1, 4)).getBytes(UTF_8);
    assertThatThrownBy(() -> api.applyPlan(plan, "application/yaml"))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining(
            "this process is an authority of devices and has nothing else; ask the coordinator");
    try (TacitClient client = client("lost", authority).build()) {
      record(client);
      Participation refused = client.participate().join();
      assertThat(refused.result()).isEqualTo(Participation.Result.NO_CONNECTION);
    }
    assertThatThrownBy(() -> start("authority", Map.of("tacit.role", "authority")))
        .isInstanceOf(CoordinatorStartException.class)
        .hasMessageContaining("another coordinator or authority is running on it");
    assertThat(authority.isAlive()).isTrue();
  }

  private List<String> names(String name) throws Exception {
    try (Stream<Path> files = Files.list(directory.resolve(name))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  /** The private key of the authority's root, in base64. */
  private String rootKey() throws Exception {
    return Files.readAllLines(directory.resolve("authority/root.pem")).get(1);
  }

  /** Which files of a directory hold the key, in base64 or as bytes. */
  private List<String> filesWith(String key, String name) throws Exception {
    String bytes = new String(Base64.getDecoder().decode(key), ISO_8859_1);
    String seed = bytes.substring(bytes.length() - 32);
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(directory.resolve(name))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String content = Files.readString(file, ISO_8859_1);
        if (content.contains(key) || content.contains(seed)) {
          found.add(file.getFileName().toString());
        }
      }
    }
    return found;
  }

  private static boolean isRevoked(Participation participation) {
    return participation.result() == Participation.Result.NOT_ADMITTED;
  }

  private CoordinatorProcess start(String name, Map<String, String> properties) throws Exception {
    CoordinatorSettings settings =
        CoordinatorSettings.of(RunningCoordinator.installation(), directory.resolve(name))
            .withProperty("tacit.devices", "enrolled")
            .withProperty("tacit.enrolment.populations", "one-round")
            .withProperty("tacit.come-back-min", "100ms")
            .withAdminToken(admin)
            .withJavaOptions(RunningCoordinator.SHORT_LIVED);
    for (Map.Entry<String, String> property : properties.entrySet()) {
      settings = settings.withProperty(property.getKey(), property.getValue());
    }
    return CoordinatorProcess.start(
        settings, directory.resolve(name + ".log"), RunningCoordinator.READY_WITHIN);
  }

  private EnrolmentTokens backend(CoordinatorApi authority) {
    return () -> {
      tokensFetched.incrementAndGet();
      try {
        return CompletableFuture.completedFuture(
            authority.mintToken("one-round", 600).path("token").asText());
      } catch (Exception e) {
        return CompletableFuture.failedFuture(e);
      }
    };
  }

  private static void record(TacitClient client) {
    client
        .record(
            BehaviourEvent.withoutItem("offer", Instant.now())
                .with("a", 1.0)
                .with("b", 2.0)
                .with("label", 1.0))
        .join();
  }

  private static CoordinatorAddress address(CoordinatorProcess coordinator) throws Exception {
    return Coordinators.of(Coordinators.word(coordinator.grpcPort(), coordinator.authority()));
  }

  private TacitClient.Builder client(String name, CoordinatorProcess coordinator) throws Exception {
    return TacitClient.builder(directory.resolve(name), "one-round")
        .storage(Storage.encrypted("of this test".toCharArray()))
        .coordinator(address(coordinator))
        .policy(ClientPolicy.development());
  }

  private static InputStream pem(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  private static Participation contribution(TacitClient client) throws Exception {
    Participation last = client.participate().join();
    for (int attempt = 1; !last.hasContributed() && attempt < ATTEMPTS_MAX; attempt++) {
      assertThat(last.result()).as(last.message()).isNotEqualTo(Participation.Result.NOT_ADMITTED);
      TimeUnit.MILLISECONDS.sleep(200);
      last = client.participate().join();
    }
    assertThat(last.hasContributed()).as(last.toString()).isTrue();
    return last;
  }
}
