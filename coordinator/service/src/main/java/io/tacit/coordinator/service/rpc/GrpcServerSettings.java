package io.tacit.coordinator.service.rpc;

import java.util.Optional;

/**
 * Where devices call, and what the server shows of itself.
 *
 * @param host name or address of an interface
 * @param port 1 to 65535, or 0 for any that is free
 * @param keys for TLS; without them calls are not encrypted, for development on one machine
 * @param clientCertificates whether a call token is taken over a connection alone that its device
 *     has opened with its certificate
 * @param calls which there are
 */
public record GrpcServerSettings(
    String host, int port, Optional<ServerKeys> keys, boolean clientCertificates, Calls calls) {

  /** Which calls a process answers. */
  public enum Calls {
    /** Those of a coordinator. */
    ALL,
    /** Those of {@code tacit.v1.Enrolment} alone. */
    ENROLMENT
  }

  public GrpcServerSettings {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException(
          "tacit.grpc.port is " + port + ", must be 1 to 65535, or 0 for any that is free");
    }
    if (clientCertificates && keys.isEmpty()) {
      throw new IllegalArgumentException(
          "tacit.tls.client-certificates is required and tacit.tls.enabled is false; certificates"
              + " are shown over TLS alone, so set it to true");
    }
  }
}
