package io.tacit.protocol.masking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tacit.testing.Seeds;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.bouncycastle.crypto.threshold.ShamirSecretSplitter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ShamirSharingTest {

  private static final SecureRandom SECRET = new SecureRandom();

  static LongStream seeds() {
    return Seeds.upTo(200);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void as_many_shares_as_the_threshold_give_the_secret_whichever_they_are(long seed) {
    Random random = new Random(seed);
    int n = 1 + random.nextInt(MemberSet.ROSTER_SIZE_MAX);
    int t = 1 + random.nextInt(n);
    byte[] secret = new byte[32];
    random.nextBytes(secret);
    byte[][] shares = ShamirSharing.split(secret, n, t, SECRET);
    List<Integer> members = new ArrayList<>();
    for (int i = 1; i <= n; i++) {
      members.add(i);
    }
    Collections.shuffle(members, random);

    assertThat(combined(members.subList(0, t), shares)).isEqualTo(secret);
    if (t > 1) {
      assertThat(combined(members.subList(0, t - 1), shares)).isNotEqualTo(secret);
    }
  }

  @Test
  void all_sets_of_seven_of_ten_give_the_secret() {
    byte[] secret = new byte[32];
    SECRET.nextBytes(secret);
    byte[][] shares = ShamirSharing.split(secret, 10, 7, SECRET);
    int sets = 0;
    for (int chosen = 0; chosen < 1 << 10; chosen++) {
      if (Integer.bitCount(chosen) == 7) {
        List<Integer> members = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
          if ((chosen >> i & 1) != 0) {
            members.add(i + 1);
          }
        }
        assertThat(combined(members, shares)).isEqualTo(secret);
        sets++;
      }
    }
    assertThat(sets).isEqualTo(120);
  }

  /** One share below the threshold, any byte of the secret is as likely as any other. */
  @Test
  void too_few_shares_say_nothing() {
    int[] counts = new int[256];
    for (int i = 0; i < 8_000; i++) {
      for (byte b : ShamirSharing.split(new byte[32], 3, 2, SECRET)[2]) {
        counts[b & 0xff]++;
      }
    }
    double expected = 8_000 * 32 / 256.0;
    double chiSquare = 0;
    for (int count : counts) {
      chiSquare += (count - expected) * (count - expected) / expected;
    }
    // Passed once in 10^9 fair trials with 255 degrees of freedom.
    assertThat(chiSquare).isLessThan(416);
  }

  /** Bouncy Castle's own sharing has the same field and x. */
  @Test
  void combines_what_bouncy_castle_splits() throws Exception {
    byte[] secret = new byte[32];
    SECRET.nextBytes(secret);
    var split =
        new ShamirSecretSplitter(
                ShamirSecretSplitter.Algorithm.AES, ShamirSecretSplitter.Mode.Native, 32, SECRET)
            .resplit(secret, 5, 9)
            .getSecretShares();
    byte[][] shares = new byte[9][];
    for (int i = 0; i < 9; i++) {
      shares[i] = split[i].getEncoded();
    }

    assertThat(combined(List.of(9, 2, 5, 1, 8), shares)).isEqualTo(secret);
  }

  @Test
  void multiplies_as_the_table_of_the_field_says() {
    for (int a = 0; a < 256; a++) {
      for (int b = 0; b < 256; b++) {
        assertThat(GaloisField.multiply(a, b)).isEqualTo(slowProduct(a, b));
        long eight = 0x0101010101010101L * a;
        assertThat(GaloisField.multiply(eight, b))
            .isEqualTo(0x0101010101010101L * slowProduct(a, b));
      }
      assertThat(GaloisField.multiply(a, GaloisField.inverse(a))).isEqualTo(a == 0 ? 0 : 1);
    }
    assertThat(GaloisField.multiply(0x57, 0x83)).as("FIPS 197, section 4.2").isEqualTo(0xc1);
  }

  /** The product of polynomials, then division by 0x11b. */
  private static int slowProduct(int a, int b) {
    int product = 0;
    for (int bit = 0; bit < 8; bit++) {
      product ^= (b >> bit & 1) != 0 ? a << bit : 0;
    }
    for (int bit = 14; bit >= 8; bit--) {
      product ^= (product >> bit & 1) != 0 ? 0x11b << bit - 8 : 0;
    }
    return product;
  }

  @Test
  void refuses_what_it_can_not_split_or_combine() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ShamirSharing.split(new byte[31], 3, 2, SECRET))
        .withMessage("secret has 31 bytes, must have exactly 32");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ShamirSharing.split(new byte[32], 129, 2, SECRET))
        .withMessage("members are 129, must be 1 to 128");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ShamirSharing.split(new byte[32], 3, 4, SECRET))
        .withMessage("threshold is 4, must be 1 to 3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ShamirSharing.combine(new int[] {1, 1}, new byte[2][32]))
        .withMessage("member 1 is named twice, must be once; leave the second share out");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ShamirSharing.combine(new int[] {1}, new byte[2][32]))
        .withMessage("there are 2 shares of 1 members, must be one of each and at least 1");
  }

  private static byte[] combined(List<Integer> members, byte[][] shares) {
    byte[][] theirs = new byte[members.size()][];
    for (int i = 0; i < theirs.length; i++) {
      theirs[i] = shares[members.get(i) - 1];
    }
    return ShamirSharing.combine(members.stream().mapToInt(i -> i).toArray(), theirs);
  }
}
