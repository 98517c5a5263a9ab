package io.tacit.coordinator.service.people;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/**
 * {@code Authorization: Bearer TOKEN} with the admin token. Where it is in force every other bearer
 * token is refused here; where it is not, this leaves all of them to OpenID Connect.
 */
@Singleton
class AdminTokenMechanism implements HttpAuthenticationMechanism {

  private static final String SCHEME = "Bearer";

  private final AdminToken token;
  private final SecurityIdentity admin =
      QuarkusSecurityIdentity.builder()
          .setPrincipal(new QuarkusPrincipal("admin"))
          .addRoles(Roles.including(Roles.OWNER))
          .build();

  AdminTokenMechanism(AdminToken token) {
    this.token = token;
  }

  @Override
  public Uni<SecurityIdentity> authenticate(
      RoutingContext request, IdentityProviderManager identities) {
    String header = request.request().getHeader(HttpHeaders.AUTHORIZATION);
    if (!token.isInForce() || header == null) {
      return Uni.createFrom().nullItem();
    }
    boolean bearer = header.regionMatches(true, 0, SCHEME + " ", 0, SCHEME.length() + 1);
    return bearer && token.matches(header.substring(SCHEME.length() + 1).strip())
        ? Uni.createFrom().item(admin)
        : Uni.createFrom().failure(new AuthenticationFailedException("not the admin token"));
  }

  @Override
  public Uni<ChallengeData> getChallenge(RoutingContext request) {
    return Uni.createFrom().item(new ChallengeData(401, HttpHeaderNames.WWW_AUTHENTICATE, SCHEME));
  }

  @Override
  public int getPriority() {
    return DEFAULT_PRIORITY + 100; // Before OpenID Connect, which would try to parse the token.
  }
}
