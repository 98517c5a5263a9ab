package io.tacit.protocol.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tacit.testing.Fuzz;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ShareCipherTest {

  private final byte[] key = new byte[32];
  private final byte[] text = {1, 2, 3};
  private final byte[] aad = {4, 5};

  /** The GCM specification (McGrew and Viega, 2005), test cases 13 and 14: zeros. */
  @Test
  void gives_the_known_answers() {
    assertThat(ShareCipher.seal(key, new byte[0], new byte[0]))
        .isEqualTo(HexFormat.of().parseHex("530f8afbc74536b9a963b4f1c4cb738b"));
    assertThat(ShareCipher.seal(key, new byte[16], new byte[0]))
        .isEqualTo(
            HexFormat.of()
                .parseHex("cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"));
  }

  @Test
  void opens_what_it_sealed_for_the_same_key_and_data_alone() {
    byte[] sealed = ShareCipher.seal(key, text, aad);
    byte[] otherKey = key.clone();
    otherKey[31] = 1;

    assertThat(ShareCipher.open(key, sealed, aad)).contains(text);
    assertThat(ShareCipher.open(otherKey, sealed, aad)).isEmpty();
    assertThat(ShareCipher.open(key, sealed, new byte[] {4, 6})).isEmpty();
    assertThat(ShareCipher.open(key, new byte[15], aad)).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ShareCipher.seal(new byte[16], text, aad))
        .withMessage("AES key has 16 bytes, must have exactly 32");
  }

  @Test
  @Tag(Fuzz.TAG)
  void opens_nothing_damaged() {
    byte[] sealed = ShareCipher.seal(key, text, aad);

    Fuzz.of(sealed)
        .feed(
            input ->
                assertThat(ShareCipher.open(key, input, aad).isPresent())
                    .isEqualTo(Arrays.equals(input, sealed)));
  }
}
