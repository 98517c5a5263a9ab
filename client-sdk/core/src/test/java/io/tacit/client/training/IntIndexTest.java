package io.tacit.client.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.protocol.model.SplitMix64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IntIndexTest {

  @Test
  void numbers_keys_as_a_map_would() {
    IntIndex index = new IntIndex(500);
    Map<Integer, Integer> map = new LinkedHashMap<>();
    SplitMix64 random = new SplitMix64(1);
    for (int i = 0; i < 2_000; i++) {
      int key = random.nextInt(500) * 4_096;
      map.putIfAbsent(key, map.size());
      assertThat(index.add(key)).isEqualTo(map.get(key));
    }
    assertThat(index.size()).isEqualTo(map.size());
    map.forEach((key, number) -> assertThat(index.key(number)).isEqualTo(key));
    assertThat(index.contains(1)).isFalse();
    assertThat(index.contains(Integer.MAX_VALUE)).isFalse();
  }

  @Test
  void forgets_all_keys_when_cleared() {
    IntIndex index = new IntIndex(2);
    index.add(7);
    index.clear();
    assertThat(index.contains(7)).isFalse();
    assertThat(index.add(8)).isZero();
  }

  @Test
  void has_room_for_exactly_as_many_keys_as_asked_for() {
    for (int keys = 0; keys < 70; keys++) {
      IntIndex index = new IntIndex(keys);
      for (int key = 0; key < keys; key++) {
        assertThat(index.add(key)).isEqualTo(key);
      }
      assertThat(index.contains(keys)).isFalse();
    }
  }
}
