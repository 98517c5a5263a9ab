package io.tacit.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.tacit.cli.process.CoordinatorProcess;
import io.tacit.cli.process.CoordinatorSettings;
import io.tacit.cli.rest.AccessToken;
import io.tacit.cli.rest.CoordinatorApi;
import io.tacit.client.CoordinatorAddress;
import io.tacit.client.Participation;
import io.tacit.client.Storage;
import io.tacit.client.TacitClient;
import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.connection.PinnedTrust;
import io.tacit.client.policy.ClientPolicy;
import io.tacit.coordinator.plans.PlanFile;
import io.tacit.e2e.app.Coordinators;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.protocol.crypto.Transcript;
import io.tacit.protocol.v1.AccessGrpc;
import io.tacit.protocol.v1.ChallengeRequest;
import io.tacit.protocol.v1.CurrentModelsRequest;
import io.tacit.protocol.v1.EnrolRequest;
import io.tacit.protocol.v1.EnrolmentGrpc;
import io.tacit.protocol.v1.LoginRequest;
import io.tacit.protocol.v1.ModelsGrpc;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A coordinator that wants to see devices' certificates in the handshake too. */
@Timeout(300)
class MutualTlsTest {

  private static final int ATTEMPTS_MAX = 100;
  private static final char[] NO_PASSWORD = new char[0];
  private static final SecureRandom RANDOM = new SecureRandom();

  /** PKCS#8 of an Ed25519 key without its seed (RFC 8410). */
  private static final String PKCS8_HEAD = "302e020100300506032b657004220420";

  @TempDir Path directory;
  private final AccessToken admin = AccessToken.generate(RANDOM);

  /** A device as it comes from the authority. */
  private record Device(IdentityKeyPair keys, byte[] certificate) {}

  @Test
  void a_token_is_taken_over_a_connection_alone_that_its_certificate_has_opened() throws Exception {
    try (CoordinatorProcess coordinator = start()) {
      Device device = enrol(coordinator);
      Device other = enrol(coordinator);
      String token = token(coordinator, device);

      assertThat(call(coordinator, shown(device), token)).isEqualTo("let in");
      assertThat(call(coordinator, null, token)).isEqualTo("UNAUTHENTICATED CERTIFICATE_NOT_SHOWN");
      assertThat(call(coordinator, shown(other), token))
          .isEqualTo("UNAUTHENTICATED CERTIFICATE_NOT_SHOWN");
      assertThat(call(coordinator, selfSigned(), token))
          .as("handshake with a certificate that is self-signed")
          .startsWith("UNAVAILABLE");

      X509Certificate read = certificate(device);
      coordinator.api(admin).revoke(read.getSerialNumber().toString(16), "KEY_COMPROMISE");

      assertThat(call(coordinator, shown(device), token))
          .as("handshake with a certificate that is revoked")
          .startsWith("UNAVAILABLE");
      assertThat(call(coordinator, shown(other), token(coordinator, other))).isEqualTo("let in");
    }
    assertThat(Files.readString(directory.resolve("coordinator.log")))
        .contains("CERTIFICATE_NOT_SHOWN: tacit.v1.");
  }

  @Test
  void a_client_that_shows_its_certificate_enrols_and_contributes_and_another_hears_why_not()
      throws Exception {
    try (CoordinatorProcess coordinator = start()) {
      coordinator
          .api(admin)
          .applyPlan(PlanFile.toYaml(OneRoundPlan.of(1, 4)).getBytes(UTF_8), "application/yaml");
      CoordinatorAddress address =
          Coordinators.of(Coordinators.word(coordinator.grpcPort(), coordinator.authority()));

      try (TacitClient client = client("shy", address, coordinator)) {
        Participation refused = client.participate().join();
        assertThat(refused.result()).isEqualTo(Participation.Result.NOT_ADMITTED);
        assertThat(refused.message())
            .contains("CERTIFICATE_NOT_SHOWN", "opened with the token's certificate");
      }
      try (TacitClient client = client("open", address.showingCertificate(), coordinator)) {
        assertThat(contribution(client).message()).startsWith("This device's update is one of 1");
      }
    }
  }

  private CoordinatorProcess start() throws Exception {
    CoordinatorSettings settings =
        CoordinatorSettings.of(RunningCoordinator.installation(), directory.resolve("data"))
            .withProperty("tacit.devices", "enrolled")
            .withProperty("tacit.enrolment.populations", "one-round")
            .withProperty("tacit.tls.client-certificates", "required")
            .withProperty("tacit.come-back-min", "100ms")
            .withAdminToken(admin)
            .withJavaOptions(RunningCoordinator.SHORT_LIVED);
    return CoordinatorProcess.start(
        settings, directory.resolve("coordinator.log"), RunningCoordinator.READY_WITHIN);
  }

  // ---- the client of the SDK ----

  private TacitClient client(
      String name, CoordinatorAddress address, CoordinatorProcess coordinator) throws Exception {
    CoordinatorApi api = coordinator.api(admin);
    InputStream root =
        new ByteArrayInputStream(api.enrolmentRoot().path("certificate").asText().getBytes(UTF_8));
    TacitClient client =
        TacitClient.builder(directory.resolve(name), "one-round")
            .storage(Storage.encrypted("of this test".toCharArray()))
            .coordinator(address)
            .policy(ClientPolicy.development())
            .enrolment(() -> CompletableFuture.completedFuture(bootstrapToken(api)), root)
            .build();
    client
        .record(
            BehaviourEvent.withoutItem("offer", Instant.now())
                .with("a", 1.0)
                .with("b", 2.0)
                .with("label", 1.0))
        .join();
    return client;
  }

  private static String bootstrapToken(CoordinatorApi api) {
    try {
      return api.mintToken("one-round", 600).path("token").asText();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
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

  // ---- a client that keeps to no rule ----

  private interface Calls<T> {
    T make(Channel channel) throws Exception;
  }

  /** Over a connection of its own, which shows what these have; null for nothing. */
  private static <T> T over(
      CoordinatorProcess coordinator, KeyManager @Nullable [] shown, String token, Calls<T> calls)
      throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    try (InputStream authority = Files.newInputStream(coordinator.authority())) {
      context.init(shown, PinnedTrust.managers(authority), null);
    }
    ManagedChannel channel =
        OkHttpChannelBuilder.forAddress("localhost", coordinator.grpcPort())
            .tlsConnectionSpec(new String[] {"TLSv1.3"}, new String[] {"TLS_AES_128_GCM_SHA256"})
            .sslSocketFactory(context.getSocketFactory())
            .build();
    Metadata headers = new Metadata();
    headers.put(key("tacit-protocol"), "1");
    headers.put(key("tacit-token"), token);
    try {
      return calls.make(
          ClientInterceptors.intercept(
              channel, MetadataUtils.newAttachHeadersInterceptor(headers)));
    } finally {
      channel.shutdownNow();
    }
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  private Device enrol(CoordinatorProcess coordinator) throws Exception {
    IdentityKeyPair keys = IdentityKeyPair.generate(RANDOM);
    EnrolRequest request =
        EnrolRequest.newBuilder()
            .setToken(bootstrapToken(coordinator.api(admin)))
            .setRequest(ByteString.copyFrom(keys.certificateRequest()))
            .build();
    return over(
        coordinator,
        null,
        "none",
        channel ->
            new Device(
                keys,
                EnrolmentGrpc.newBlockingStub(channel)
                    .enrol(request)
                    .getCertificate()
                    .toByteArray()));
  }

  private static String token(CoordinatorProcess coordinator, Device device) throws Exception {
    return over(
        coordinator,
        null,
        "none",
        channel -> {
          AccessGrpc.AccessBlockingStub access = AccessGrpc.newBlockingStub(channel);
          ByteString challenge =
              access.challenge(ChallengeRequest.getDefaultInstance()).getChallenge();
          byte[] signed =
              Transcript.login(challenge.toByteArray(), ContentHash.of(device.certificate()));
          return access
              .login(
                  LoginRequest.newBuilder()
                      .setChallenge(challenge)
                      .setCertificate(ByteString.copyFrom(device.certificate()))
                      .setSignature(ByteString.copyFrom(device.keys().sign(signed)))
                      .build())
              .getToken()
              .getToken();
        });
  }

  private static String call(
      CoordinatorProcess coordinator, KeyManager @Nullable [] shown, String token)
      throws Exception {
    try {
      over(
          coordinator,
          shown,
          token,
          channel ->
              ModelsGrpc.newBlockingStub(channel)
                  .withDeadlineAfter(30, TimeUnit.SECONDS)
                  .current(CurrentModelsRequest.newBuilder().setPopulation("one-round").build()));
      return "let in";
    } catch (StatusRuntimeException e) {
      Metadata trailers = e.getTrailers();
      return e.getStatus().getCode()
          + " "
          + (trailers == null ? null : trailers.get(key("tacit-reason")));
    }
  }

  private static X509Certificate certificate(Device device) throws Exception {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(device.certificate()));
  }

  private static KeyManager[] shown(Device device) throws Exception {
    byte[] encoded =
        HexFormat.of().parseHex(PKCS8_HEAD + HexFormat.of().formatHex(device.keys().seed()));
    PrivateKey key =
        KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded));
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("device", key, NO_PASSWORD, new Certificate[] {certificate(device)});
    return managers(store, NO_PASSWORD);
  }

  private static KeyManager[] managers(KeyStore store, char[] password) throws Exception {
    KeyManagerFactory managers = KeyManagerFactory.getInstance("SunX509");
    managers.init(store, password);
    return managers.getKeyManagers();
  }

  /** By the JDK's keytool. A manager that shows it, though the server has named another issuer. */
  private KeyManager[] selfSigned() throws Exception {
    Path store = directory.resolve("self-signed.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "device",
                "-keyalg",
                "Ed25519",
                "-dname",
                "CN=device",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit")
            .redirectErrorStream(true)
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
    X509KeyManager manager = (X509KeyManager) managers(keys, "changeit".toCharArray())[0];
    return new KeyManager[] {new Shameless(manager)};
  }

  /** Shows its one certificate to everybody. */
  private record Shameless(X509KeyManager manager) implements X509KeyManager {

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
      return new String[] {"device"};
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
      return "device";
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
      return new String[0];
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
      return "";
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return manager.getCertificateChain(alias);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return manager.getPrivateKey(alias);
    }
  }
}
