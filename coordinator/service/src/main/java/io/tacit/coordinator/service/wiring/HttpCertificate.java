package io.tacit.coordinator.service.wiring;

import io.quarkus.arc.Unremovable;
import io.quarkus.tls.runtime.KeyStoreAndKeyCertOptions;
import io.quarkus.tls.runtime.KeyStoreProvider;
import io.smallrye.common.annotation.Identifier;
import io.tacit.coordinator.service.rpc.GrpcServerSettings;
import io.tacit.coordinator.service.rpc.ServerKeys;
import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Shows on the HTTP port what the gRPC port shows, and has the files looked at in time. */
@Singleton
@Unremovable
@Identifier(HttpCertificate.NAME)
class HttpCertificate implements KeyStoreProvider {

  /** Under which Quarkus knows it. */
  static final String NAME = "coordinator";

  private final Optional<ServerKeys> keys;

  HttpCertificate(GrpcServerSettings settings) {
    this.keys = settings.keys();
  }

  /** Called by Quarkus at the start and after each {@code tacit.tls.reload-period}. */
  @Override
  public @Nullable KeyStoreAndKeyCertOptions getKeyStore(Vertx vertx) {
    keys.ifPresent(ServerKeys::reload);
    return keys.map(ServerKeys::manager)
        .map(manager -> new KeyStoreAndKeyCertOptions(empty(), KeyCertOptions.wrap(manager)))
        .orElse(null);
  }

  /** For clients in this process, which has none; Quarkus calls again only who gave one. */
  private static KeyStore empty() {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      return store;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("the platform has no PKCS#12", e);
    }
  }
}
