package io.tacit.coordinator.service.people;

import io.quarkus.security.identity.SecurityIdentity;
import java.util.Set;
import org.eclipse.microprofile.jwt.JsonWebToken;

/**
 * Who is asking.
 *
 * @param subject their name; with OpenID Connect the issuer's lasting id of them ({@code sub})
 * @param authentication how they proved it
 * @param role the highest that they have, or {@code no role}
 */
public record Person(String subject, String authentication, String role) {

  /** The person behind an identity. */
  public static Person of(SecurityIdentity identity) {
    if (identity.isAnonymous()) {
      return new Person("anonymous", "none", Roles.highest(Set.of()));
    }
    String role = Roles.highest(identity.getRoles());
    return identity.getPrincipal() instanceof JsonWebToken token
        ? new Person(token.getSubject(), "OpenID Connect, " + token.getIssuer(), role)
        : new Person(identity.getPrincipal().getName(), "admin token", role);
  }
}
