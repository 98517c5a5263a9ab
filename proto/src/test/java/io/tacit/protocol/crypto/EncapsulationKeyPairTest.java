package io.tacit.protocol.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Properties;
import org.bouncycastle.crypto.digests.SHAKEDigest;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncapsulationKeyPairTest {

  private static final Properties VECTORS = new Properties();

  @BeforeAll
  static void read() throws IOException {
    try (InputStream in =
        EncapsulationKeyPairTest.class.getResourceAsStream("/vectors/ml-kem-768.properties")) {
      VECTORS.load(in);
    }
  }

  @Test
  void makes_the_key_that_nist_publishes() {
    byte[] seed = Arrays.copyOf(vector("keygen.d"), 64);
    System.arraycopy(vector("keygen.z"), 0, seed, 32, 32);

    assertThat(EncapsulationKeyPair.fromSeed(seed).publicKey()).isEqualTo(vector("keygen.ek"));
  }

  @Test
  void makes_the_secret_and_the_ciphertext_that_nist_publishes() {
    Encapsulation made = EncapsulationKeyPair.encapsulate(vector("encap.ek"), vector("encap.m"));

    assertThat(made.secret()).isEqualTo(vector("encap.k"));
    assertThat(made.ciphertext()).isEqualTo(vector("encap.c"));
  }

  /** Keys, ciphertexts, secrets, and what ciphertexts that were never made decapsulate to. */
  @Test
  void gives_the_known_answers_of_a_hundred_cases() {
    SHAKEDigest inputs = new SHAKEDigest(128);
    SHAKEDigest results = new SHAKEDigest(128);
    for (int i = 0; i < 100; i++) {
      EncapsulationKeyPair pair = EncapsulationKeyPair.fromSeed(next(inputs, 64));
      Encapsulation made = EncapsulationKeyPair.encapsulate(pair.publicKey(), next(inputs, 32));
      absorb(results, pair.publicKey());
      absorb(results, made.ciphertext());
      absorb(results, made.secret());
      assertThat(pair.decapsulate(made.ciphertext())).isEqualTo(made.secret());
      absorb(results, pair.decapsulate(next(inputs, 1088)));
    }

    assertThat(next(results, 32)).isEqualTo(vector("accumulated.100"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 382, 383, 766, 1151})
  void refuses_keys_with_a_coefficient_that_is_not_reduced(int at) {
    byte[] key = EncapsulationKeyPair.generate(new SecureRandom()).publicKey();
    EncapsulationKeyPair.checkPublicKey(key);
    // Two coefficients of 12 bits in three bytes: 0xfff in both is above 3328.
    Arrays.fill(key, at / 3 * 3, at / 3 * 3 + 3, (byte) 0xff);

    assertThatExceptionOfType(BadKeyException.class)
        .isThrownBy(() -> EncapsulationKeyPair.checkPublicKey(key))
        .withMessage("ML-KEM-768 key has coefficients above 3328; its holder must make a new one");
    assertThatExceptionOfType(BadKeyException.class)
        .isThrownBy(() -> EncapsulationKeyPair.encapsulate(key, new byte[32]));
  }

  @Test
  void refuses_other_lengths_and_work_after_it_was_erased() {
    EncapsulationKeyPair pair = EncapsulationKeyPair.generate(new SecureRandom());
    byte[] key = pair.publicKey();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EncapsulationKeyPair.fromSeed(new byte[63]))
        .withMessage("ML-KEM-768 seed has 63 bytes, must have exactly 64");
    assertThatExceptionOfType(BadKeyException.class)
        .isThrownBy(() -> EncapsulationKeyPair.checkPublicKey(new byte[1183]))
        .withMessage("ML-KEM-768 key has 1183 bytes, must have exactly 1184");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EncapsulationKeyPair.encapsulate(key, new byte[31]))
        .withMessage("ML-KEM-768 coins have 31 bytes, must have exactly 32");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pair.decapsulate(new byte[1087]))
        .withMessage("ML-KEM-768 ciphertext has 1087 bytes, must have exactly 1088");

    pair.destroy();

    assertThatIllegalStateException().isThrownBy(() -> pair.decapsulate(new byte[1088]));
  }

  private static byte[] next(SHAKEDigest digest, int length) {
    byte[] bytes = new byte[length];
    digest.doOutput(bytes, 0, length);
    return bytes;
  }

  private static void absorb(SHAKEDigest digest, byte[] bytes) {
    digest.update(bytes, 0, bytes.length);
  }

  private static byte[] vector(String name) {
    return HexFormat.of().parseHex(VECTORS.getProperty(name));
  }
}
