package io.tacit.protocol.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class RandomBitsTest {

  /** A generator that gives the bytes 0, 1, 2, ... and so a key that a test knows. */
  private static SecureRandom counting() {
    return new SecureRandom() {
      private static final long serialVersionUID = 1;

      @Override
      public void nextBytes(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
          bytes[i] = (byte) i;
        }
      }
    };
  }

  @Test
  void are_the_key_stream_of_aes_256_ctr_beyond_their_buffer_too() throws Exception {
    byte[] key = new byte[32];
    counting().nextBytes(key);
    Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(new byte[16]));
    ByteBuffer stream = ByteBuffer.wrap(cipher.doFinal(new byte[40_000]));
    RandomBits bits = RandomBits.secure(counting());

    for (int draw = 0; draw < 5_000; draw++) {
      assertThat(bits.nextUnit()).isEqualTo((stream.getLong() << 11 >>> 11) * 0x1p-53);
    }
  }

  @Test
  void are_uniform_and_differ_from_source_to_source() {
    SecureRandom random = new SecureRandom();
    RandomBits source = RandomBits.secure(random);
    double sum = 0;
    for (int i = 0; i < 100_000; i++) {
      double unit = source.nextUnit();
      assertThat(unit).isBetween(0.0, 1.0).isLessThan(1.0);
      sum += unit;
    }
    // Ten standard errors.
    assertThat(sum / 100_000).isCloseTo(0.5, within(0.01));
    assertThat(RandomBits.secure(random).nextUnit())
        .isNotEqualTo(RandomBits.secure(random).nextUnit());
    assertThat(source).hasToString("RandomBits");
  }
}
