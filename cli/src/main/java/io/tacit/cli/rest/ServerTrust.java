package io.tacit.cli.rest;

import io.tacit.client.connection.PinnedTrust;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;

/** Whom to take for the coordinator: names are checked in any case. Immutable. */
public final class ServerTrust {

  private final SSLContext context;

  private ServerTrust(SSLContext context) {
    this.context = context;
  }

  /** Whoever has a certificate that this Java trusts. */
  public static ServerTrust platform() {
    try {
      return new ServerTrust(SSLContext.getDefault());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java offers no TLS", e);
    }
  }

  /**
   * These certificates, or what they have signed, and nobody else.
   *
   * @param certificates X.509 in PEM, such as {@code tls/authority.pem} of a data directory
   * @throws IOException if the file can not be read, or holds no certificate
   */
  public static ServerTrust pinned(Path certificates) throws IOException {
    try (InputStream in = Files.newInputStream(certificates)) {
      return new ServerTrust(PinnedTrust.context(in));
    } catch (IllegalArgumentException e) {
      throw new IOException(
          certificates
              + ": "
              + e.getMessage()
              + ", such as tls/authority.pem of its data directory",
          e);
    }
  }

  SSLContext context() {
    return context;
  }
}
