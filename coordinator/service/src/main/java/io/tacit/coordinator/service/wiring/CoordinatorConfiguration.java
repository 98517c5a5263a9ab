package io.tacit.coordinator.service.wiring;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The settings of a coordinator, under {@code tacit.}; docs/reference/settings.md explains them.
 */
@ConfigMapping(prefix = "tacit")
interface CoordinatorConfiguration {

  /** What this process is. */
  @WithDefault("coordinator")
  Role role();

  /** What a process can be. */
  enum Role {
    /** Rounds, plans and models; and the authority of devices, unless that is elsewhere. */
    COORDINATOR,
    /** The authority of devices and nothing else. */
    AUTHORITY
  }

  /** Where everything is kept. */
  @WithDefault("tacit-data")
  Path dataDirectory();

  /** Which devices may call; if absent, open where gRPC listens on this machine alone. */
  Optional<Devices> devices();

  /** Which devices may call. */
  enum Devices {
    /** Those with a certificate of the authority. */
    ENROLLED,
    /** All: for development on one machine. */
    OPEN
  }

  /** What devices call. */
  Grpc grpc();

  /** Where gRPC listens. */
  interface Grpc {

    /** Name or address of an interface. */
    @WithDefault("127.0.0.1")
    String host();

    /** The port; 0 for any that is free. */
    @WithDefault("9000")
    int port();
  }

  /** What people and tools call. */
  Http http();

  /** Where the REST API listens. */
  interface Http {

    /** Name or address of an interface. */
    @WithDefault("127.0.0.1")
    String host();

    /** The port. */
    @WithDefault("8443")
    int port();
  }

  /** What both ports show of themselves. */
  Tls tls();

  /** Encryption. */
  interface Tls {

    /** Off only for development: both ports must then be of this machine alone. */
    @WithDefault("true")
    boolean enabled();

    /** Chain in PEM; if absent, one is made. */
    Optional<Path> certificate();

    /** Key of the certificate, PKCS#8 in PEM. */
    Optional<Path> key();

    /** Names and addresses in a certificate that is made. */
    @WithDefault("localhost,127.0.0.1,::1")
    List<String> hosts();

    /** Whether devices show their certificate in the handshake too. */
    @WithDefault("none")
    ClientCertificates clientCertificates();

    /** Mutual TLS. */
    enum ClientCertificates {
      /** Call tokens suffice: proxies end connections on the way. */
      NONE,
      /** A token is taken over a connection alone that was opened with its certificate. */
      REQUIRED
    }

    /** How often the files are looked at for new ones. */
    @WithDefault("1m")
    Duration reloadPeriod();
  }

  /** Shortest time that a device without work is sent away for. */
  @WithDefault("1s")
  Duration comeBackMin();

  /** Calls of Await held at a time. */
  @WithDefault("50000")
  int awaitCallsMax();

  /** Uploads and downloads open at a time. */
  @WithDefault("4000")
  int streamsMax();

  /** How long an upload or a download may stand still for its device. */
  @WithDefault("60s")
  Duration streamIdle();

  /** Time that a stage is given at least after a restart. */
  @WithDefault("25s")
  Duration restartGrace();

  /** How much of the update log may be folded again after a crash. */
  @WithDefault("268435456")
  long checkpointBytes();

  /** PEM file with the public task keys of models' owners; without it signatures are no duty. */
  Optional<Path> taskKeys();

  /**
   * For crash tests: {@code STATE:N} ends the process, as {@code kill -9} does, right after the
   * N-th transition of a round to that state; {@code SUBJECT@MOMENT:N} at a cut of a session, such
   * as {@code session.SHARES_FROZEN@AFTER_COMMIT:1}. Never set it in production.
   */
  Optional<String> haltAfter();
}
