package io.tacit.cli.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class AccessTokenTest {

  @Test
  void makes_a_new_token_of_256_bits_each_time() {
    AccessToken token = AccessToken.generate(new SecureRandom());

    assertThat(token.reveal()).matches("tacit-admin-[A-Za-z0-9_-]{43}");
    assertThat(AccessToken.generate(new SecureRandom()).reveal()).isNotEqualTo(token.reveal());
    assertThat(AccessToken.of("  " + token.reveal() + "\r\n", "a file").hash())
        .isEqualTo(token.hash());
  }

  @Test
  void shows_its_length_only() {
    assertThat(AccessToken.of("secret", "a file")).hasToString("AccessToken of 6 characters");
  }

  @Test
  void refuses_what_would_break_a_header() {
    for (String text : new String[] {"", " ", "a b", "a\nX-Header: b", "ä", "a".repeat(16_385)}) {
      assertThatThrownBy(() -> AccessToken.of(text, "a file"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("a file holds ")
          .hasMessageEndingWith(
              " characters that are no token, must hold 1 to 16384 letters, digits and ._~+/=- and"
                  + " nothing else");
    }
  }
}
