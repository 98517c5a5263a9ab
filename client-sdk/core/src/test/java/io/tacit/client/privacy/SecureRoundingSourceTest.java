package io.tacit.client.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class SecureRoundingSourceTest {

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
  void is_the_key_stream_of_aes_256_ctr_beyond_its_buffer_too() throws Exception {
    byte[] key = new byte[32];
    counting().nextBytes(key);
    Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(new byte[16]));
    ByteBuffer stream = ByteBuffer.wrap(cipher.doFinal(new byte[40_000]));
    SecureRoundingSource source = new SecureRoundingSource(counting());

    for (int draw = 0; draw < 10_000; draw++) {
      assertThat(source.nextUnit()).isEqualTo((stream.getInt() >>> 8) / 16_777_216.0);
    }
  }

  @Test
  void is_uniform_and_differs_from_source_to_source() {
    SecureRandom random = new SecureRandom();
    SecureRoundingSource source = new SecureRoundingSource(random);
    double sum = 0;
    for (int i = 0; i < 100_000; i++) {
      double unit = source.nextUnit();
      assertThat(unit).isBetween(0.0, 1.0).isLessThan(1.0);
      sum += unit;
    }
    // Ten standard errors.
    assertThat(sum / 100_000).isCloseTo(0.5, within(0.01));
    assertThat(new SecureRoundingSource(random).nextUnit())
        .isNotEqualTo(new SecureRoundingSource(random).nextUnit());
    assertThat(source).hasToString("SecureRoundingSource");
  }
}
