package io.tacit.coordinator.service.people;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IssuerSettingsTest {

  private static final String ADDRESS = "https://id.example.com/realms/shop";

  private static Issuer issuer(String address, String... more) {
    Map<String, String> settings = new HashMap<>(Map.of("tacit.people.issuer", address));
    for (int i = 0; i < more.length; i += 2) {
      settings.put("tacit.people." + more[i], more[i + 1]);
    }
    return Issuer.of(address, AdminTokenTest.people(settings));
  }

  @Test
  void the_highest_role_that_a_claim_means_counts_and_the_rest_means_nothing() {
    Issuer.ClaimedRoles roles =
        issuer(ADDRESS, "audience", "tacit", "viewers", "staff,all").roles();

    assertThat(roles.of(Set.of("all"))).containsExactly("viewer");
    assertThat(roles.of(Set.of("all", "tacit-operator")))
        .containsExactlyInAnyOrder("viewer", "operator");
    assertThat(roles.of(Set.of("tacit-owner", "staff")))
        .containsExactlyInAnyOrder("viewer", "operator", "owner");
    assertThat(roles.of(Set.of("owner", "viewer", "tacit-viewer"))).isEmpty();
    assertThat(roles.of(Set.of())).isEmpty();
  }

  @Test
  void refuses_settings_that_would_let_the_wrong_people_in() {
    assertThatThrownBy(() -> issuer(ADDRESS))
        .hasMessage(
            "tacit.people.audience is missing, must be what the issuer's tokens for this"
                + " coordinator name as their audience; without it a token for any other service"
                + " would be good here");
    for (String address : new String[] {"id.example.com", "ftp://id.example.com", "https:/x"}) {
      assertThatThrownBy(() -> issuer(address, "audience", "tacit"))
          .hasMessage(
              "tacit.people.issuer is "
                  + address
                  + ", must be like https://id.example.com/realms/shop");
    }
    assertThatThrownBy(() -> issuer(ADDRESS, "audience", "tacit", "new-admin-token", "true"))
        .hasMessageStartingWith("tacit.people.issuer is set, and so is the admin token");
    assertThatThrownBy(
            () -> issuer(ADDRESS, "audience", "tacit", "admin-token-hash", "ab".repeat(32)))
        .hasMessageStartingWith("tacit.people.issuer is set, and so is the admin token");
  }
}
