package io.tacit.protocol.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyDerivationTest {

  private static final String BYTES_0B = "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b";

  /** RFC 5869, appendix A.1 to A.3: all cases of SHA-256. */
  @ParameterizedTest(name = "A.{index}")
  @CsvSource({
    BYTES_0B
        + ", 000102030405060708090a0b0c, f0f1f2f3f4f5f6f7f8f9, 42,"
        + "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5,"
        + "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    "00..4f, 60..af, b0..ff, 82,"
        + "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244,"
        + "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
        + "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
        + "cc30c58179ec3e87c14c01d5c1f3434f1d87",
    BYTES_0B
        + ", '', '', 42,"
        + "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04,"
        + "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
  })
  void gives_the_known_answers(
      String ikm, String salt, String info, int length, String prk, String okm) {
    byte[] extracted = KeyDerivation.extract(bytes(salt), bytes(ikm));

    assertThat(extracted).isEqualTo(bytes(prk));
    assertThat(KeyDerivation.expand(extracted, bytes(info), length)).isEqualTo(bytes(okm));
  }

  @Test
  void refuses_lengths_that_the_function_can_not_give() {
    for (int length : new int[] {0, 8161}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> KeyDerivation.expand(new byte[32], new byte[0], length))
          .withMessage("derived key has " + length + " bytes, must have 1 to 8160");
    }
    assertThat(KeyDerivation.expand(new byte[32], new byte[0], 8160)).hasSize(8160);
  }

  /** Hexadecimal, or a range of bytes. */
  private static byte[] bytes(String text) {
    if (!text.contains("..")) {
      return HexFormat.of().parseHex(text);
    }
    int from = Integer.parseInt(text.substring(0, 2), 16);
    int to = Integer.parseInt(text.substring(4), 16);
    byte[] bytes = new byte[to - from + 1];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (from + i);
    }
    return bytes;
  }
}
