package io.tacit.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.testing.Fuzz;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentifiersTest {

  /** FIPS 180-4, the one-block example. */
  private static final String SHA_256_OF_ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @Test
  void a_content_hash_is_the_sha_256_of_the_content() {
    byte[] abc = "abc".getBytes(US_ASCII);

    assertThat(ContentHash.of(abc).toHex()).isEqualTo(SHA_256_OF_ABC);
    assertThat(ContentHash.of(ByteBuffer.wrap(abc))).isEqualTo(ContentHash.of(abc));
    assertThat(ContentHash.fromHex(SHA_256_OF_ABC)).isEqualTo(ContentHash.of(abc));
    assertThat(ContentHash.fromHex(SHA_256_OF_ABC.toUpperCase(java.util.Locale.ROOT)).toHex())
        .isEqualTo(SHA_256_OF_ABC);
    assertThat(ContentHash.fromDigest(ContentHash.of(abc).toBytes()))
        .isEqualTo(ContentHash.of(abc));
  }

  @Test
  void a_client_id_is_the_hash_of_the_identity_key_and_no_content_hash() {
    byte[] key = "abc".getBytes(US_ASCII);

    assertThat(ClientId.ofIdentityKey(key).toHex()).isEqualTo(SHA_256_OF_ABC);
    assertThat((Object) ClientId.ofIdentityKey(key)).isNotEqualTo(ContentHash.of(key));
  }

  @Test
  void identifiers_do_not_change_with_the_arrays_they_came_from_or_gave_out() {
    byte[] bytes = new byte[16];
    SessionId id = SessionId.fromBytes(bytes);
    bytes[0] = 1;
    id.toBytes()[1] = 1;

    assertThat(id.toHex()).isEqualTo("00000000000000000000000000000000");
  }

  @Test
  void session_ids_are_random() {
    SecureRandom random = new SecureRandom();

    assertThat(SessionId.random(random)).isNotEqualTo(SessionId.random(random));
  }

  @Test
  void messages_show_names_in_full() {
    assertThat(ContentHash.fromHex(SHA_256_OF_ABC)).hasToString(SHA_256_OF_ABC);
    assertThat(new RoundId(new PlanId("p"), 12)).hasToString("p#12");
  }

  @Test
  void refuses_bytes_and_digits_of_another_length() {
    assertThatThrownBy(() -> SessionId.fromBytes(new byte[15]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("session id has 15 bytes, must have exactly 16");
    assertThatThrownBy(() -> ClientId.fromHex("00"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("client id has 2 characters, must be 64 hex digits");
    assertThatThrownBy(() -> SessionId.fromHex("0000000000000000000000000000000g"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("session id is not hexadecimal at character 30, must be 0-9 a-f");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "0", "a.b_c-d", "msweb-two-tower", "9..", "x_"})
  void takes_names_of_the_one_alphabet(String name) {
    assertThat(new PlanId(name).value()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "-a", ".a", "_a", "a b", "a/b", "ü", "a\n", "../a"})
  void refuses_other_names(String name) {
    assertThatThrownBy(() -> new PlanId(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "plan id is \""
                + name
                + "\", must be 1 to 64 characters of a-z 0-9 - . _ and begin with a letter or"
                + " digit");
  }

  @Test
  void refuses_a_long_name_without_repeating_all_of_it() {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < 65; i++) {
      name.append('a');
    }
    assertThat(Names.isName(name.substring(1))).isTrue();
    assertThat(Names.isName(name.toString())).isFalse();
    for (int i = 0; i < 1000; i++) {
      name.append('a');
    }
    assertThatThrownBy(() -> new PlanId(name.toString()))
        .hasMessageContaining("aaa...\", must be 1 to 64");
  }

  @Test
  void rounds_are_numbered_from_one() {
    assertThatThrownBy(() -> new RoundId(new PlanId("p"), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("round number is 0, must be at least 1");
  }

  @Test
  void stages_have_the_numbers_of_the_wire() {
    for (Stage stage : Stage.values()) {
      assertThat(Stage.ofNumber(stage.number())).isEqualTo(stage);
      assertThat(io.tacit.protocol.v1.Stage.forNumber(stage.number())).isNotNull();
    }
    assertThatThrownBy(() -> Stage.ofNumber(8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("stage is 8, must be 1 to 7");
    assertThat(Stage.COMPLETED.isTerminal()).isTrue();
    assertThat(Stage.ABORTED.isTerminal()).isTrue();
    assertThat(Stage.INPUT.isTerminal()).isFalse();
  }

  @Test
  void the_largest_update_fits_its_limit() {
    int metrics = WireLimits.METRIC_GROUPS_MAX * WireLimits.METRIC_GROUP_LANES;
    assertThat(
            WireLimits.updateBytes(WireLimits.HEADER_LANES + WireLimits.PARAMETERS_MAX + metrics))
        .isEqualTo(WireLimits.UPDATE_BYTES_MAX)
        .isEqualTo(67_109_132L);
  }

  @Test
  @Tag(Fuzz.TAG)
  void what_is_no_identifier_is_refused() {
    Fuzz.of(SHA_256_OF_ABC.getBytes(US_ASCII))
        .refusedWith(IllegalArgumentException.class)
        .feed(
            input -> {
              String text = new String(input, ISO_8859_1);
              assertThat(ContentHash.fromHex(text).toHex()).isEqualToIgnoringCase(text);
            });
    Fuzz.of("plan-1".getBytes(US_ASCII))
        .refusedWith(IllegalArgumentException.class)
        .feed(
            input -> {
              String text = new String(input, ISO_8859_1);
              assertThat(new PlanId(text).value()).isEqualTo(text);
            });
    Fuzz.of(ContentHash.of(new byte[0]).toBytes(), new byte[16])
        .refusedWith(IllegalArgumentException.class)
        .feed(
            input -> {
              if (input.length < 20) {
                assertThat(SessionId.fromBytes(input).toBytes()).isEqualTo(input);
              } else {
                assertThat(ClientId.fromBytes(input).toBytes()).isEqualTo(input);
                assertThat(ContentHash.fromDigest(input).toBytes()).isEqualTo(input);
              }
            });
  }
}
