package io.tacit.protocol.masking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tacit.testing.Seeds;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReedSolomonDecoderTest {

  private static final SecureRandom SECRET = new SecureRandom();

  static LongStream seeds() {
    return Seeds.upTo(300);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void names_as_many_liars_as_half_the_surplus(long seed) {
    Trial trial = new Trial(new Random(seed));
    trial.lie(trial.random.nextInt(trial.decoder.liarsMax() + 1));

    ReedSolomonDecoder.Recovered recovered = trial.decode().orElseThrow();

    assertThat(recovered.secret()).isEqualTo(trial.secret);
    assertThat(recovered.liars().toArray()).isEqualTo(trial.liars());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void is_not_silently_wrong_with_one_liar_more(long seed) {
    Trial trial = new Trial(new Random(seed));
    if (trial.members.length == trial.threshold) {
      // Without surplus there is nothing to tell a lie from: the owner's commitment does.
      return;
    }
    trial.lie(trial.decoder.liarsMax() + 1);

    Optional<ReedSolomonDecoder.Recovered> recovered = trial.decode();

    assertThat(recovered).isEmpty();
  }

  @Test
  void each_liar_is_named_though_each_spoils_another_byte_by_one_bit() {
    byte[] secret = new byte[32];
    SECRET.nextBytes(secret);
    byte[][] shares = ShamirSharing.split(secret, 64, 43, SECRET);
    int[] members = MemberSet.all(64).toArray();
    int[] liars = {1, 7, 8, 20, 33, 40, 41, 52, 63, 64};
    for (int i = 0; i < liars.length; i++) {
      shares[liars[i] - 1][3 * i] ^= 1;
    }
    ReedSolomonDecoder decoder = new ReedSolomonDecoder(members, 43);

    ReedSolomonDecoder.Recovered recovered = decoder.decode(shares).orElseThrow();

    assertThat(decoder.liarsMax()).isEqualTo(10);
    assertThat(recovered.secret()).isEqualTo(secret);
    assertThat(recovered.liars().toArray()).isEqualTo(liars);
    assertThat(recovered).hasToString("Recovered[liars " + recovered.liars() + "]");

    // An eleventh, in a byte that nobody else spoils: each byte can be decoded, but somebody of
    // eleven is more than the guarantee covers.
    shares[1][31] ^= 1;
    assertThat(decoder.decode(shares)).isEmpty();
  }

  @Test
  void refuses_shares_that_are_too_few_too_many_or_of_one_member_twice() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ReedSolomonDecoder(new int[] {1, 2}, 3))
        .withMessage(
            "threshold is 3 and there are shares of 2 members, must be at least 1 and at most as"
                + " many");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ReedSolomonDecoder(new int[] {1, 2, 1}, 3))
        .withMessage("member 1 is named twice, must be once; leave the second share out");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ReedSolomonDecoder(new int[] {0, 2, 1}, 3))
        .withMessage("member is 0, must be 1 to 128");
    ReedSolomonDecoder decoder = new ReedSolomonDecoder(new int[] {1, 2}, 2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> decoder.decode(new byte[1][32]))
        .withMessage("there are 1 shares, must be exactly 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> decoder.decode(new byte[][] {new byte[32], new byte[31]}))
        .withMessage("share of member 2 has 31 bytes, must have exactly 32");
  }

  /** Shares of at least as many members as the threshold, in any order. */
  private static final class Trial {

    private final Random random;
    private final byte[] secret = new byte[32];
    private final int threshold;
    private final int[] members;
    private final byte[][] shares;
    private final boolean[] lies;
    private final ReedSolomonDecoder decoder;

    Trial(Random random) {
      this.random = random;
      random.nextBytes(secret);
      int n = 10 + random.nextInt(119);
      threshold = SessionTranscript.threshold(n);
      List<Integer> all = new ArrayList<>();
      for (int i = 1; i <= n; i++) {
        all.add(i);
      }
      Collections.shuffle(all, random);
      int m = threshold + random.nextInt(n - threshold + 1);
      members = all.subList(0, m).stream().mapToInt(i -> i).toArray();
      byte[][] split = ShamirSharing.split(secret, n, threshold, SECRET);
      shares = new byte[m][];
      for (int i = 0; i < m; i++) {
        shares[i] = split[members[i] - 1];
      }
      lies = new boolean[m];
      decoder = new ReedSolomonDecoder(members, threshold);
    }

    /** Some other share each; the first byte certainly differs. */
    void lie(int count) {
      for (int done = 0; done < count; ) {
        int i = random.nextInt(members.length);
        if (!lies[i]) {
          lies[i] = true;
          done++;
          byte[] lie = new byte[32];
          random.nextBytes(lie);
          lie[0] |= 1;
          for (int at = 0; at < lie.length; at++) {
            shares[i][at] ^= lie[at];
          }
        }
      }
    }

    Optional<ReedSolomonDecoder.Recovered> decode() {
      return decoder.decode(shares);
    }

    int[] liars() {
      int[] liars = new int[members.length];
      int count = 0;
      for (int i = 0; i < members.length; i++) {
        if (lies[i]) {
          liars[count++] = members[i];
        }
      }
      liars = Arrays.copyOf(liars, count);
      Arrays.sort(liars);
      return liars;
    }
  }
}
