package io.tacit.coordinator.service.wiring;

import io.tacit.coordinator.service.rpc.ServerKeys;
import io.tacit.enrolment.ServerCredentials;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * TLS as the settings want it: with the operator's files, or with a certificate that is made at the
 * first start, or, on this machine alone, without.
 */
final class Encryption {

  private static final Logger LOG = Logger.getLogger(Encryption.class);

  private final CoordinatorConfiguration settings;

  /**
   * @throws IllegalArgumentException if the settings contradict each other, or would send what is
   *     not encrypted over a network
   */
  Encryption(CoordinatorConfiguration settings) {
    this.settings = settings;
    CoordinatorConfiguration.Tls tls = settings.tls();
    if (tls.certificate().isPresent() != tls.key().isPresent()) {
      throw new IllegalArgumentException(
          "only one of tacit.tls.certificate and tacit.tls.key is set; set both, or none to have"
              + " them made");
    }
    if (!tls.enabled()) {
      requireLoopback("tacit.grpc.host", settings.grpc().host());
      requireLoopback("tacit.http.host", settings.http().host());
    }
  }

  private static void requireLoopback(String setting, String host) {
    if (!isLoopback(host)) {
      throw new IllegalArgumentException(
          setting
              + " is "
              + host
              + " and tacit.tls.enabled is false; without TLS it must be localhost, 127.0.0.1 or"
              + " ::1");
    }
  }

  /** By spelling, not by look-up: a name server must not decide what is encrypted. */
  static boolean isLoopback(String host) {
    return host.equals("localhost") || host.equals("127.0.0.1") || host.equals("::1");
  }

  /**
   * Makes what is missing, and looks at what there is. To be called before anything listens.
   *
   * @throws UncheckedIOException if the files can not be read, or have no key with its certificate
   */
  void prepare() {
    if (settings.tls().enabled() && settings.tls().certificate().isEmpty()) {
      ServerCredentials made =
          ServerCredentials.prepare(
              directory(), settings.tls().hosts(), new SecureRandom(), Clock.systemUTC());
      LOG.infof("TLS: clients pin %s, SHA-256 %s", made.authority(), made.fingerprint());
    }
    keys();
  }

  /**
   * What both ports show; empty without TLS.
   *
   * @throws UncheckedIOException if the files can not be read, or have no key with its certificate
   */
  Optional<ServerKeys> keys() {
    if (!settings.tls().enabled()) {
      return Optional.empty();
    }
    Path made = directory();
    return Optional.of(
        new ServerKeys(
            settings.tls().certificate().orElse(made.resolve("server.pem")),
            settings.tls().key().orElse(made.resolve("server.key"))));
  }

  private Path directory() {
    return settings.dataDirectory().resolve("tls");
  }

  /** What Quarkus has to know for its HTTP port. */
  Map<String, String> httpProperties() {
    String port = Integer.toString(settings.http().port());
    Map<String, String> properties = new HashMap<>();
    properties.put("quarkus.http.host", settings.http().host());
    if (settings.tls().enabled()) {
      String tls = "quarkus.tls." + HttpCertificate.NAME + ".";
      properties.put("quarkus.http.insecure-requests", "disabled");
      properties.put("quarkus.http.ssl-port", port);
      properties.put("quarkus.http.tls-configuration-name", HttpCertificate.NAME);
      properties.put(tls + "protocols", "TLSv1.3");
      properties.put(tls + "reload-period", settings.tls().reloadPeriod().toString());
    } else {
      properties.put("quarkus.http.port", port);
    }
    return properties;
  }
}
