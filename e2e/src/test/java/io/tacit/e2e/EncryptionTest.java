package io.tacit.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tacit.cli.process.CoordinatorProcess;
import io.tacit.cli.process.CoordinatorSettings;
import io.tacit.cli.rest.AccessToken;
import io.tacit.cli.rest.CoordinatorApi;
import io.tacit.cli.rest.ServerTrust;
import io.tacit.client.connection.ConnectionException;
import io.tacit.client.connection.CoordinatorConnection;
import io.tacit.client.connection.GrpcConnectionSettings;
import io.tacit.client.connection.GrpcCoordinatorConnection;
import io.tacit.client.connection.PinnedTrust;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both ports of the packaged coordinator, met by clients that mean well and others. */
class EncryptionTest {

  private static final Duration WITHIN = Duration.ofSeconds(30);

  @TempDir Path directory;

  @Test
  void both_ports_speak_tls_1_3_alone_and_only_to_who_trusts_their_authority() throws Exception {
    try (RunningCoordinator coordinator = new RunningCoordinator(directory)) {
      CoordinatorProcess process = coordinator.process();
      for (int port : List.of(process.grpcPort(), process.httpPort())) {
        assertThat(handshake(port, "TLSv1.3")).isEqualTo("TLSv1.3");
        for (String old : List.of("TLSv1.2", "TLSv1.1", "TLSv1")) {
          assertThatThrownBy(() -> handshake(port, old)).as(old).isInstanceOf(IOException.class);
        }
        assertThat(unencrypted(port)).as("answer to HTTP").doesNotContain("200");
      }
      try (CoordinatorConnection connection = coordinator.connect()) {
        assertThat(connection.currentModels("nobody", Set.of("tabular"))).isEmpty();
      }
      assertRefused(GrpcConnectionSettings.tls("localhost", process.grpcPort()));
      assertThatThrownBy(() -> api(process, ServerTrust.platform()).plans())
          .hasMessageStartingWith("No coordinator that is trusted answers at https://");
    }
  }

  @Test
  void a_certificate_for_another_name_is_refused_though_its_authority_is_trusted()
      throws Exception {
    CoordinatorSettings settings =
        CoordinatorSettings.of(RunningCoordinator.installation(), directory.resolve("data"))
            .withProperty("tacit.tls.hosts", "localhost")
            .withJavaOptions(RunningCoordinator.SHORT_LIVED);
    try (CoordinatorProcess coordinator = start(settings);
        InputStream authority = Files.newInputStream(coordinator.authority())) {
      assertRefused(
          GrpcConnectionSettings.tls("127.0.0.1", coordinator.grpcPort())
              .withTrust(PinnedTrust.managers(authority)));
      assertThatThrownBy(
              () ->
                  new CoordinatorApi(
                          URI.create("https://127.0.0.1:" + coordinator.httpPort()),
                          coordinator.trust(),
                          null)
                      .plans())
          .hasMessageStartingWith("No coordinator that is trusted answers at https://");
    }
  }

  @Test
  void a_new_certificate_of_the_operator_is_taken_up_without_a_restart() throws Exception {
    Path chain = directory.resolve("chain.pem");
    Path key = directory.resolve("key.pem");
    Pem first = madeCertificate();
    Files.writeString(key, first.key());
    Files.writeString(chain, first.chain());
    CoordinatorSettings settings =
        CoordinatorSettings.of(RunningCoordinator.installation(), directory.resolve("data"))
            .withProperty("tacit.tls.certificate", chain.toString())
            .withProperty("tacit.tls.key", key.toString())
            .withProperty("tacit.tls.reload-period", "1s")
            .withJavaOptions(RunningCoordinator.SHORT_LIVED);
    try (CoordinatorProcess coordinator = start(settings)) {
      List<Integer> ports = List.of(coordinator.grpcPort(), coordinator.httpPort());
      assertThat(ports).allSatisfy(port -> assertThat(shown(port)).isEqualTo(first.certificate()));

      Pem second = madeCertificate();
      Files.writeString(key, second.key());
      RunningCoordinator.await(
          "word of a key without its certificate",
          WITHIN,
          () -> log().contains("the key is not that of the certificate"));
      assertThat(ports).allSatisfy(port -> assertThat(shown(port)).isEqualTo(first.certificate()));

      Files.writeString(chain, second.chain());
      for (int port : ports) {
        RunningCoordinator.await(
            "the new certificate on port " + port,
            WITHIN,
            () -> shown(port).equals(second.certificate()));
      }
      assertThat(settings.dataDirectory().resolve("tls")).doesNotExist();
    }
  }

  @Test
  void does_not_start_without_tls_for_others_than_this_machine() throws Exception {
    CoordinatorSettings open =
        CoordinatorSettings.of(RunningCoordinator.installation(), directory.resolve("data"))
            .withoutEncryption()
            .withProperty("tacit.grpc.host", "0.0.0.0");

    assertThatThrownBy(() -> start(open))
        .hasMessageContaining(
            "The coordinator can not start: tacit.grpc.host is 0.0.0.0 and tacit.tls.enabled is"
                + " false; without TLS it must be localhost, 127.0.0.1 or ::1");
  }

  private CoordinatorProcess start(CoordinatorSettings settings) throws Exception {
    return CoordinatorProcess.start(
        settings, directory.resolve("coordinator.log"), RunningCoordinator.READY_WITHIN);
  }

  private String log() {
    try {
      return Files.readString(directory.resolve("coordinator.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void assertRefused(GrpcConnectionSettings settings) throws Exception {
    try (CoordinatorConnection connection = GrpcCoordinatorConnection.open(settings)) {
      ConnectionException refused =
          catchThrowableOfType(
              ConnectionException.class,
              () -> connection.currentModels("nobody", Set.of("tabular")));
      assertThat(refused.reason()).isEqualTo(ConnectionException.Reason.UNAVAILABLE);
    }
  }

  private static CoordinatorApi api(CoordinatorProcess coordinator, ServerTrust trust) {
    return new CoordinatorApi(
        URI.create("https://localhost:" + coordinator.httpPort()),
        trust,
        AccessToken.generate(new SecureRandom()));
  }

  /** The version that is agreed on. */
  private static String handshake(int port, String version) throws Exception {
    try (SSLSocket socket = trusting().createSocket(port)) {
      socket.setEnabledProtocols(new String[] {version});
      socket.startHandshake();
      return socket.getSession().getProtocol();
    }
  }

  private static X509Certificate shown(int port) {
    try (SSLSocket socket = trusting().createSocket(port)) {
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    } catch (Exception e) {
      throw new AssertionError("no certificate on port " + port, e);
    }
  }

  private static String unencrypted(int port) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout((int) WITHIN.toMillis());
      socket.getOutputStream().write("GET /q/health/ready HTTP/1.0\r\n\r\n".getBytes(US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    } catch (SocketException e) {
      return "connection reset";
    }
  }

  private interface Sockets {
    SSLSocket createSocket(int port) throws IOException;
  }

  /** Sockets that take anybody: what the server shows is looked at by the test. */
  private static Sockets trusting() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustsAll()}, null);
    return port -> (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
  }

  private static final class TrustsAll implements X509TrustManager {

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /** With its files, as an operator has them. */
  private record Pem(X509Certificate certificate, String chain, String key) {}

  /** By the JDK's keytool. */
  private Pem madeCertificate() throws Exception {
    Path store = directory.resolve("store.p12");
    Files.deleteIfExists(store);
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=test",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
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
    X509Certificate certificate = (X509Certificate) keys.getCertificate("server");
    byte[] secret = keys.getKey("server", "changeit".toCharArray()).getEncoded();
    return new Pem(
        certificate, pem("CERTIFICATE", certificate.getEncoded()), pem("PRIVATE KEY", secret));
  }

  private static String pem(String label, byte[] bytes) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(
            label, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes), label);
  }
}
