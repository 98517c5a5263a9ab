package io.tacit.cli.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeedsTest {

  @Test
  void reads_a_number_a_range_or_a_list() {
    assertThat(Seeds.parse("3")).containsExactly(1L, 2L, 3L);
    assertThat(Seeds.parse("7-9")).containsExactly(7L, 8L, 9L);
    assertThat(Seeds.parse("7-7")).containsExactly(7L);
    assertThat(Seeds.parse("4,17,2")).containsExactly(4L, 17L, 2L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "five", "1,", "-3", "1-", "1-999999999", "1000"})
  void lists_the_forms_when_given_another(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Seeds.parse(text))
        .withMessage(
            "--seeds is \"" + text + "\", must be one of: N (seeds 1 to N) | A-B | A,B,...");
  }
}
