package io.tacit.coordinator.service.people;

import java.net.URI;
import java.util.Set;

/**
 * The OpenID Connect issuer that vouches for people.
 *
 * @param address what tokens name as their issuer, and where its discovery document is
 * @param audience what tokens must name as their audience
 * @param roleClaim where a token says what its person is, a path with slashes
 * @param roles which values of the claim mean which role
 */
record Issuer(String address, String audience, String roleClaim, ClaimedRoles roles) {

  /**
   * Which values of the claim make somebody what.
   *
   * @param viewers at least a viewer
   * @param operators at least an operator
   * @param owners an owner
   */
  record ClaimedRoles(Set<String> viewers, Set<String> operators, Set<String> owners) {

    /** The roles of somebody whose token has these values; values that mean nothing are dropped. */
    Set<String> of(Set<String> claimed) {
      if (claimed.stream().anyMatch(owners::contains)) {
        return Roles.including(Roles.OWNER);
      }
      if (claimed.stream().anyMatch(operators::contains)) {
        return Roles.including(Roles.OPERATOR);
      }
      return claimed.stream().anyMatch(viewers::contains)
          ? Roles.including(Roles.VIEWER)
          : Set.of();
    }
  }

  /**
   * The issuer that the settings name.
   *
   * @throws IllegalArgumentException if they do not say enough, or contradict each other
   */
  static Issuer of(String address, PeopleConfiguration people) {
    URI uri = URI.create(address);
    if (uri.getHost() == null || !String.valueOf(uri.getScheme()).matches("https?")) {
      throw new IllegalArgumentException(
          "tacit.people.issuer is "
              + address
              + ", must be like https://id.example.com/realms/shop");
    }
    if (people.adminTokenHash().isPresent() || people.newAdminToken()) {
      throw new IllegalArgumentException(
          "tacit.people.issuer is set, and so is the admin token, which is void beside an issuer;"
              + " unset tacit.people.admin-token-hash and tacit.people.new-admin-token, or the"
              + " issuer");
    }
    String audience =
        people
            .audience()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "tacit.people.audience is missing, must be what the issuer's tokens for"
                            + " this coordinator name as their audience; without it a token for any"
                            + " other service would be good here"));
    return new Issuer(
        address,
        audience,
        people.roleClaim(),
        new ClaimedRoles(people.viewers(), people.operators(), people.owners()));
  }
}
