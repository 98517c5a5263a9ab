package io.tacit.coordinator.service.rpc;

import io.grpc.netty.GrpcSslContexts;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.tacit.coordinator.service.rpc.GrpcServerSettings.Credentials;
import io.tacit.protocol.ContentHash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import org.jboss.logging.Logger;

/** The key and certificate that connections are opened with: those that the files had last. */
final class ServerKeys {

  private static final Logger LOG = Logger.getLogger(ServerKeys.class);

  private static final String TLS_VERSION = "TLSv1.3";

  private final Credentials files;
  private final AdvancedTlsX509KeyManager keys = new AdvancedTlsX509KeyManager();
  private Contents inUse;

  /**
   * @throws UncheckedIOException if the files can not be read, or have no key with its certificate
   */
  ServerKeys(Credentials files) {
    this.files = files;
    try {
      this.inUse = Contents.of(files);
      use();
    } catch (IOException | GeneralSecurityException e) {
      throw unusable(e);
    }
  }

  /** For TLS 1.3 alone (RFC 8446), in machine code where there is some for the platform. */
  SslContext context() {
    try {
      return GrpcSslContexts.configure(SslContextBuilder.forServer(keys))
          .protocols(TLS_VERSION)
          .build();
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /**
   * The same for mutual TLS: who connects may show a certificate, and is let in no further than to
   * the handshake with one that is no good. By the JDK, because the other is built without Ed25519.
   */
  SslContext context(CertifiedDevices devices) {
    try {
      return GrpcSslContexts.configure(SslContextBuilder.forServer(keys), SslProvider.JDK)
          .protocols(TLS_VERSION)
          .trustManager(devices)
          // Not REQUIRE: a device that is to enrol has none yet. Calls with a token need one.
          .clientAuth(ClientAuth.OPTIONAL)
          .build();
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /**
   * New connections get what the files have now; if that is of no use, what they had before. Does
   * nothing if the files are as they were: they are looked at every minute and changed every year.
   */
  synchronized void reload() {
    try {
      Contents found = Contents.of(files);
      if (found.equals(inUse)) {
        return;
      }
      use();
      inUse = found;
      LOG.infof("TLS of gRPC: new certificate from %s", files.chain());
    } catch (IOException | GeneralSecurityException e) {
      LOG.errorf("TLS of gRPC keeps its old certificate: %s", unusable(e).getMessage());
    }
  }

  private void use() throws IOException, GeneralSecurityException {
    keys.updateIdentityCredentials(files.chain().toFile(), files.key().toFile());
  }

  /** By which files are told apart that have changed; the key itself is not kept. */
  private record Contents(ContentHash chain, ContentHash key) {

    static Contents of(Credentials files) throws IOException {
      return new Contents(
          ContentHash.of(Files.readAllBytes(files.chain())),
          ContentHash.of(Files.readAllBytes(files.key())));
    }
  }

  private UncheckedIOException unusable(Exception e) {
    return new UncheckedIOException(
        "TLS certificate %s and key %s can not be used (%s); both must be PEM, the key PKCS#8"
            .formatted(files.chain(), files.key(), e.getMessage()),
        e instanceof IOException io ? io : new IOException(e));
  }
}
