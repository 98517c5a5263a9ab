package io.tacit.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SeedsTest {

  private @Nullable String given;

  @BeforeEach
  void forget_the_property() {
    given = System.getProperty(Seeds.PROPERTY);
    System.clearProperty(Seeds.PROPERTY);
  }

  @AfterEach
  void restore_the_property() {
    if (given != null) {
      System.setProperty(Seeds.PROPERTY, given);
    } else {
      System.clearProperty(Seeds.PROPERTY);
    }
  }

  @Test
  void counts_from_one() {
    assertThat(Seeds.upTo(3)).containsExactly(1L, 2L, 3L);
  }

  @Test
  void runs_the_given_seed_alone() {
    System.setProperty(Seeds.PROPERTY, "-7");
    assertThat(Seeds.upTo(3)).containsExactly(-7L);
  }

  @Test
  void refuses_what_is_no_seed() {
    System.setProperty(Seeds.PROPERTY, "x");
    assertThatThrownBy(() -> Seeds.upTo(3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tacit.seed is \"x\", must be an integer of 64 bits");
    assertThatThrownBy(() -> Seeds.upTo(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("count is 0, must be at least 1");
  }
}
