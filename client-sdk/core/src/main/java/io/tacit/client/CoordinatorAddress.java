package io.tacit.client;

import io.tacit.client.connection.GrpcConnectionSettings;
import io.tacit.client.connection.PinnedTrust;
import java.io.IOException;
import java.io.InputStream;

/** Where the coordinator is, and whom the client takes for it. Immutable. */
public final class CoordinatorAddress {

  private final GrpcConnectionSettings connection;

  private CoordinatorAddress(GrpcConnectionSettings connection) {
    this.connection = connection;
  }

  /**
   * A coordinator over TLS, with a certificate that the platform trusts.
   *
   * @param host name in the coordinator's certificate
   * @param port of its gRPC service, 1 to 65 535
   */
  public static CoordinatorAddress tls(String host, int port) {
    return new CoordinatorAddress(GrpcConnectionSettings.tls(host, port));
  }

  /**
   * A coordinator on this machine without encryption, for development.
   *
   * @param port of its gRPC service, 1 to 65 535
   */
  public static CoordinatorAddress onThisMachine(int port) {
    return new CoordinatorAddress(
        GrpcConnectionSettings.plaintextForDevelopment("localhost", port));
  }

  /**
   * The same, trusting these certificates only and not the platform's: an authority that was added
   * to a device can not read along.
   *
   * @param certificates one or more X.509 certificates, PEM or DER: the coordinator's own, or that
   *     of an authority which signed it; read to its end, not closed
   * @throws IllegalArgumentException if there is none, or the address is without TLS
   * @throws IOException if reading fails
   */
  public CoordinatorAddress trustingOnly(InputStream certificates) throws IOException {
    return new CoordinatorAddress(connection.withTrust(PinnedTrust.managers(certificates)));
  }

  /**
   * The same with mutual TLS: once it is enrolled, the device shows its certificate when it
   * connects. For coordinators that demand it, and no proxy between that ends connections.
   *
   * @throws IllegalArgumentException if the address is without TLS
   * @throws IllegalStateException if the platform's TLS has no Ed25519, as that of Android
   */
  public CoordinatorAddress showingCertificate() {
    return new CoordinatorAddress(connection.showingCertificate());
  }

  GrpcConnectionSettings connection() {
    return connection;
  }

  @Override
  public String toString() {
    return connection.toString();
  }
}
