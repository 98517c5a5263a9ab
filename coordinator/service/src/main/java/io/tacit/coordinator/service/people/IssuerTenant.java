package io.tacit.coordinator.service.people;

import io.quarkus.oidc.OidcRequestContext;
import io.quarkus.oidc.OidcTenantConfig;
import io.quarkus.oidc.TenantConfigResolver;
import io.quarkus.oidc.runtime.OidcTenantConfig.ApplicationType;
import io.quarkus.runtime.Startup;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Has Quarkus check tokens of the issuer, if there is one, and gives their people the roles that
 * the settings say. A claim that happens to be called like a role is none.
 */
@Startup
@Singleton
class IssuerTenant implements TenantConfigResolver, SecurityIdentityAugmentor {

  /** How soon an unknown key makes us ask the issuer again: tokens can not make us flood it. */
  private static final Duration KEYS_AGAIN_AFTER = Duration.ofSeconds(10);

  private final @Nullable Issuer issuer;
  private final @Nullable OidcTenantConfig tenant;

  IssuerTenant(PeopleConfiguration people) {
    this.issuer = people.issuer().map(address -> Issuer.of(address, people)).orElse(null);
    this.tenant = issuer == null ? null : tenant(issuer);
  }

  private static OidcTenantConfig tenant(Issuer issuer) {
    return OidcTenantConfig.builder()
        .tenantId("people")
        .authServerUrl(issuer.address())
        .applicationType(ApplicationType.SERVICE)
        .roles()
        .roleClaimPath(issuer.roleClaim())
        .end()
        .token()
        .issuer(issuer.address())
        .audience(issuer.audience())
        .subjectRequired()
        .forcedJwkRefreshInterval(KEYS_AGAIN_AFTER)
        .allowJwtIntrospection(false)
        .allowOpaqueTokenIntrospection(false)
        .end()
        .build();
  }

  @Override
  public Uni<OidcTenantConfig> resolve(
      RoutingContext request, OidcRequestContext<OidcTenantConfig> context) {
    return Uni.createFrom().item(tenant);
  }

  @Override
  public Uni<SecurityIdentity> augment(
      SecurityIdentity identity, AuthenticationRequestContext context) {
    if (issuer == null || identity.isAnonymous()) {
      return Uni.createFrom().item(identity);
    }
    return Uni.createFrom()
        .item(
            QuarkusSecurityIdentity.builder()
                .setPrincipal(identity.getPrincipal())
                .addAttributes(identity.getAttributes())
                .addRoles(issuer.roles().of(identity.getRoles()))
                .build());
  }
}
