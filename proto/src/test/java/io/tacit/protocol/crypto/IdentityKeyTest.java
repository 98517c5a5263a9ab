package io.tacit.protocol.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.protocol.ClientId;
import io.tacit.testing.Fuzz;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.util.encoders.Hex;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityKeyTest {

  private static final byte[] MESSAGE = {1, 2, 3};

  /** RFC 8032, section 7.1, tests 1 to 3: seed, public key, message, signature. */
  @ParameterizedTest
  @CsvSource({
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
        + " d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a, '',"
        + " e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
        + " 3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c, 72,"
        + " 92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7,"
        + " fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025, af82,"
        + " 6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
  })
  void signs_and_verifies_the_vectors_of_the_rfc(
      String seed, String publicKey, String message, String signature) {
    IdentityKeyPair pair = IdentityKeyPair.fromSeed(Hex.decode(seed));

    assertThat(Hex.toHexString(pair.publicKey().toBytes())).isEqualTo(publicKey);
    assertThat(Hex.toHexString(pair.sign(Hex.decode(message)))).isEqualTo(signature);
    assertThat(pair.publicKey().verifies(Hex.decode(message), Hex.decode(signature))).isTrue();
  }

  @Test
  void verifies_neither_another_message_nor_another_signature_nor_another_key() {
    IdentityKeyPair pair = IdentityKeyPair.generate(new SecureRandom());
    byte[] signature = pair.sign(MESSAGE);

    assertThat(pair.publicKey().verifies(MESSAGE, signature)).isTrue();
    assertThat(pair.publicKey().verifies(new byte[] {1, 2, 4}, signature)).isFalse();
    assertThat(
            IdentityKeyPair.generate(new SecureRandom()).publicKey().verifies(MESSAGE, signature))
        .isFalse();
    for (int i = 0; i < signature.length; i++) {
      byte[] changed = signature.clone();
      changed[i] ^= 1;
      assertThat(pair.publicKey().verifies(MESSAGE, changed)).as("byte %s", i).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 63, 65})
  void a_signature_of_another_length_is_simply_wrong(int length) {
    IdentityKeyPair pair = IdentityKeyPair.generate(new SecureRandom());

    assertThat(pair.publicKey().verifies(MESSAGE, new byte[length])).isFalse();
  }

  /**
   * The points of small order, with which one signature fits many messages, in all their encodings
   * (Chalkias, Garillot and Nikolaenko, "Taming the many EdDSAs", 2020, table 1), and what is no
   * point at all.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "0200000000000000000000000000000000000000000000000000000000000000",
      })
  void refuses_keys_that_are_no_point_of_the_curve_or_of_small_order(String raw) {
    assertThatThrownBy(() -> IdentityKey.fromBytes(Hex.decode(raw)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("identity key is not on the curve, or of small order; make a new key pair");
  }

  @Test
  void refuses_keys_and_seeds_of_another_length() {
    assertThatThrownBy(() -> IdentityKey.fromBytes(new byte[31]))
        .hasMessage("identity key has 31 bytes, must have exactly 32");
    assertThatThrownBy(() -> IdentityKeyPair.fromSeed(new byte[33]))
        .hasMessage("identity seed has 33 bytes, must have exactly 32");
  }

  @Test
  void the_same_seed_is_the_same_identity_and_is_never_printed() {
    IdentityKeyPair pair = IdentityKeyPair.generate(new SecureRandom());
    IdentityKeyPair again = IdentityKeyPair.fromSeed(pair.seed());

    assertThat(again.publicKey()).isEqualTo(pair.publicKey()).hasSameHashCodeAs(pair.publicKey());
    assertThat(pair.publicKey().clientId())
        .isEqualTo(ClientId.ofIdentityKey(pair.publicKey().toBytes()));
    assertThat(pair).hasToString("IdentityKeyPair[" + pair.publicKey().clientId() + "]");
  }

  @Test
  @Tag(Fuzz.TAG)
  void no_damaged_key_or_signature_verifies() {
    IdentityKeyPair pair = IdentityKeyPair.fromSeed(new byte[32]);
    byte[] signature = pair.sign(MESSAGE);
    byte[] key = pair.publicKey().toBytes();

    Fuzz.of(signature)
        .feed(
            input ->
                assertThat(pair.publicKey().verifies(MESSAGE, input))
                    .isEqualTo(Arrays.equals(input, signature)));
    Fuzz.of(key)
        .refusedWith(IllegalArgumentException.class)
        .feed(
            input ->
                assertThat(IdentityKey.fromBytes(input).verifies(MESSAGE, signature))
                    .isEqualTo(Arrays.equals(input, key)));
  }
}
