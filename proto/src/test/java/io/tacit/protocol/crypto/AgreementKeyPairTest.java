package io.tacit.protocol.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.security.SecureRandom;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgreementKeyPairTest {

  /** RFC 7748, section 5.2, and 6.1 from Bob's side. */
  @ParameterizedTest
  @CsvSource({
    "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4,"
        + "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c,"
        + "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
    "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d,"
        + "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493,"
        + "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957",
    "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb,"
        + "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a,"
        + "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742",
  })
  void gives_the_known_answers(String seed, String peer, String secret) {
    assertThat(AgreementKeyPair.fromSeed(hex(seed)).agree(hex(peer))).isEqualTo(hex(secret));
  }

  /** RFC 7748, section 6.1. */
  @Test
  void has_the_known_public_key() {
    AgreementKeyPair bob =
        AgreementKeyPair.fromSeed(
            hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"));

    assertThat(bob.publicKey())
        .isEqualTo(hex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"));
  }

  /** RFC 7748, section 5.2: k, u = X25519(k, u), k from k = u = 9 on. */
  @Test
  void gives_the_known_answers_after_one_and_after_a_thousand_iterations() {
    byte[] k = new byte[32];
    k[0] = 9;
    byte[] u = k.clone();
    for (int iteration = 1; iteration <= 1000; iteration++) {
      byte[] next = AgreementKeyPair.fromSeed(k).agree(u);
      u = k;
      k = next;
      if (iteration == 1) {
        assertThat(k)
            .isEqualTo(hex("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079"));
      }
    }
    assertThat(k)
        .isEqualTo(hex("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51"));
  }

  /** All points of small order and their other encodings (RFC 7748, section 6.1: check for 0). */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      })
  void refuses_points_of_small_order(String point) {
    AgreementKeyPair pair = AgreementKeyPair.generate(new SecureRandom());

    assertThatExceptionOfType(BadKeyException.class)
        .isThrownBy(() -> pair.agree(hex(point)))
        .withMessage("X25519 key is of small order; its holder must make a new one");
    assertThatExceptionOfType(BadKeyException.class)
        .isThrownBy(() -> AgreementKeyPair.checkPublicKey(hex(point)));
  }

  @Test
  void takes_keys_of_others_and_both_find_one_secret() {
    AgreementKeyPair one = AgreementKeyPair.generate(new SecureRandom());
    AgreementKeyPair other = AgreementKeyPair.generate(new SecureRandom());

    AgreementKeyPair.checkPublicKey(other.publicKey());
    assertThat(one.agree(other.publicKey())).isEqualTo(other.agree(one.publicKey()));
  }

  @Test
  void refuses_other_lengths_and_work_after_it_was_erased() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AgreementKeyPair.fromSeed(new byte[31]))
        .withMessage("X25519 seed has 31 bytes, must have exactly 32");
    AgreementKeyPair pair = AgreementKeyPair.generate(new SecureRandom());
    assertThatExceptionOfType(BadKeyException.class)
        .isThrownBy(() -> pair.agree(new byte[33]))
        .withMessage("X25519 key has 33 bytes, must have exactly 32");
    byte[] peer = AgreementKeyPair.generate(new SecureRandom()).publicKey();

    pair.destroy();

    assertThatIllegalStateException()
        .isThrownBy(() -> pair.agree(peer))
        .withMessage("X25519 key pair was erased; make a new one");
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }
}
