package io.tacit.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FuzzTest {

  private static final byte[] SAMPLE = "a sample".getBytes(StandardCharsets.US_ASCII);

  @Test
  void gives_the_same_inputs_for_the_same_seed_and_others_for_another() {
    assertThat(inputs(1)).isEqualTo(inputs(1)).isNotEqualTo(inputs(2));
  }

  @Test
  void most_inputs_differ_from_all_others() {
    Set<String> different = new HashSet<>(inputs(1));

    assertThat(different).hasSizeGreaterThan(700);
  }

  @Test
  void finds_what_is_not_documented_and_shows_the_input() {
    Fuzz.Decoder careless =
        input -> {
          if (input.length < 8) {
            throw new ArrayIndexOutOfBoundsException("7");
          }
        };

    assertThatThrownBy(
            () ->
                Fuzz.of(1, SAMPLE).refusedWith(IllegalArgumentException.class).feed(1000, careless))
        .isInstanceOf(AssertionError.class)
        .hasMessageMatching("(?s)seed 1, input \\d+ of \\d bytes \\(.*\\) brings .*: 7");
  }

  @Test
  void lets_a_decoder_refuse_as_it_documents_but_not_by_a_subclass() {
    Fuzz fuzz = Fuzz.of(1, SAMPLE).refusedWith(IllegalArgumentException.class);

    assertThatCode(
            () ->
                fuzz.feed(
                    1000,
                    input -> {
                      if (input.length != SAMPLE.length) {
                        throw new IllegalArgumentException("refused");
                      }
                    }))
        .doesNotThrowAnyException();
    assertThatThrownBy(
            () ->
                fuzz.feed(
                    1000,
                    input -> {
                      if (input.length != SAMPLE.length) {
                        throw new NumberFormatException("careless");
                      }
                    }))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void finds_a_decoder_that_trusts_a_length() {
    Fuzz.Decoder trusting =
        input -> {
          if (input.length > 0 && input[0] == -1) {
            assertThat(new byte[2 << 20]).isNotNull();
          }
        };

    assertThatThrownBy(() -> Fuzz.of(1, SAMPLE).feed(10_000, trusting))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("costs");
  }

  @Test
  void a_sample_that_is_refused_is_no_sample() {
    assertThatThrownBy(
            () ->
                Fuzz.of(1, SAMPLE)
                    .refusedWith(IllegalArgumentException.class)
                    .feed(
                        input -> {
                          throw new IllegalArgumentException("refused");
                        }))
        .isInstanceOf(AssertionError.class)
        .hasMessage("a sample is refused: 612073616d706c65");
  }

  private static List<String> inputs(long seed) {
    List<String> inputs = new ArrayList<>();
    Fuzz.of(seed, SAMPLE, new byte[100])
        .feed(1000, input -> inputs.add(new String(input, StandardCharsets.ISO_8859_1)));
    return inputs;
  }
}
