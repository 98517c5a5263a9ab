package io.tacit.protocol.masking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tacit.protocol.plan.ShardSettings;
import io.tacit.testing.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MemberSetTest {

  static LongStream seeds() {
    return Seeds.upTo(200);
  }

  @Test
  void is_least_significant_bit_first_from_the_first_member() {
    assertThat(MemberSet.of(10, 1, 3, 9).toBitmap()).containsExactly(0b101, 0b1);
    assertThat(MemberSet.of(10, 9, 3, 1, 3)).isEqualTo(MemberSet.of(10, 1, 3, 9));
    assertThat(MemberSet.of(10, 1, 3, 9)).hasToString("{1, 3, 9} of 10");
    assertThat(MemberSet.of(10)).hasToString("{} of 10");
    assertThat(MemberSet.all(10).toBitmap()).containsExactly(0xff, 0b11);
    assertThat(MemberSet.ROSTER_SIZE_MAX).isEqualTo(ShardSettings.SIZE_MAX);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void is_a_set(long seed) {
    Random random = new Random(seed);
    int n = 1 + random.nextInt(MemberSet.ROSTER_SIZE_MAX);
    TreeSet<Integer> one = some(n, random);
    TreeSet<Integer> other = some(n, random);
    MemberSet set = of(n, one);
    MemberSet otherSet = of(n, other);

    assertThat(MemberSet.fromBitmap(n, set.toBitmap())).isEqualTo(set).hasSameHashCodeAs(set);
    assertThat(set.size()).isEqualTo(one.size());
    assertThat(set.rosterSize()).isEqualTo(n);
    List<Integer> visited = new ArrayList<>();
    set.forEach(visited::add);
    assertThat(visited).containsExactlyElementsOf(one);
    for (int member = -1; member <= n + 1; member++) {
      assertThat(set.contains(member)).isEqualTo(one.contains(member));
    }
    assertThat(set.isSubsetOf(otherSet)).isEqualTo(other.containsAll(one));
    assertThat(set.isSubsetOf(MemberSet.all(n))).isTrue();
    one.removeAll(other);
    assertThat(set.minus(otherSet)).isEqualTo(of(n, one));
  }

  @Test
  void refuses_bitmaps_that_are_not_the_one_form_of_their_set() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MemberSet.fromBitmap(10, new byte[1]))
        .withMessage("bitmap has 1 bytes, must have exactly 2 for 10 members");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MemberSet.fromBitmap(16, new byte[3]))
        .withMessage("bitmap has 3 bytes, must have exactly 2 for 16 members");
    for (int bit = 2; bit < 8; bit++) {
      byte[] bitmap = {0, (byte) (1 << bit)};
      assertThatIllegalArgumentException()
          .isThrownBy(() -> MemberSet.fromBitmap(10, bitmap))
          .withMessage("bitmap names members above 10, unused bits must be 0");
    }
    assertThat(MemberSet.fromBitmap(16, new byte[] {0, (byte) 0x80}).toArray()).containsExactly(16);
  }

  @Test
  void refuses_members_and_rosters_out_of_range() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MemberSet.of(10, 11))
        .withMessage("member is 11, must be 1 to 10");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MemberSet.of(10, 0))
        .withMessage("member is 0, must be 1 to 10");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MemberSet.all(129))
        .withMessage("roster has 129 members, must have 1 to 128");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MemberSet.all(10).minus(MemberSet.all(11)))
        .withMessage("sets are of rosters of 10 and 11 members, must be of one");
  }

  private static TreeSet<Integer> some(int n, Random random) {
    TreeSet<Integer> members = new TreeSet<>();
    for (int member = 1; member <= n; member++) {
      if (random.nextInt(4) > 0) {
        members.add(member);
      }
    }
    return members;
  }

  private static MemberSet of(int n, TreeSet<Integer> members) {
    return MemberSet.of(n, members.stream().mapToInt(i -> i).toArray());
  }
}
