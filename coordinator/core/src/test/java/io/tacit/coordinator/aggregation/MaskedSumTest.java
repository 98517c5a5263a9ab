package io.tacit.coordinator.aggregation;

import static io.tacit.coordinator.aggregation.SampleRecords.append;
import static io.tacit.coordinator.aggregation.SampleRecords.client;
import static io.tacit.coordinator.aggregation.SampleRecords.input;
import static io.tacit.coordinator.aggregation.SampleRecords.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.protocol.ClientId;
import io.tacit.protocol.Stage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskedSumTest {

  @TempDir Path directory;

  private SpoolUpdateLog log;
  private SessionLog records;

  @BeforeEach
  void open() {
    log = new SpoolUpdateLog(directory, SpoolLimits.generous(10_000_000), Clock.systemUTC());
    records = log.open(session(1));
  }

  @AfterEach
  void close() {
    log.close();
  }

  @Test
  void adds_lanes_modulo_2_to_the_32() throws Exception {
    append(records, input(1), bytes(1, Integer.MAX_VALUE, -1, 0x01020304));
    append(records, input(2), bytes(2, 1, -1, 0x10000000));

    MaskedSum sum = MaskedSum.over(records, 4);
    assertThat(sum.advance()).isEqualTo(2);

    assertThat(sum.snapshot().sum()).containsExactly(3, Integer.MIN_VALUE, -2, 0x11020304);
    assertThat(sum.members()).containsExactly(client(1), client(2));
  }

  @Test
  void lanes_are_little_endian() throws Exception {
    append(records, input(1), new byte[] {4, 3, 2, 1});

    MaskedSum sum = MaskedSum.over(records, 1);
    sum.advance();

    assertThat(sum.snapshot().sum()).containsExactly(0x01020304);
  }

  @Test
  void only_records_of_stage_input_count() throws Exception {
    append(records, new RecordKey(client(1), Stage.ADVERTISE), new byte[] {1, 2, 3});
    append(records, input(2), bytes(5, 6));

    MaskedSum sum = MaskedSum.over(records, 2);

    assertThat(sum.advance()).isEqualTo(1);
    assertThat(sum.snapshot().sum()).containsExactly(5, 6);
    assertThat(sum.members()).containsExactly(client(2));
  }

  @Test
  void adds_what_is_new_and_nothing_twice() throws Exception {
    MaskedSum sum = MaskedSum.over(records, 1);
    assertThat(sum.advance()).isZero();
    append(records, input(1), bytes(1));
    assertThat(sum.advance()).isEqualTo(1);
    assertThat(sum.advance()).isZero();
    append(records, input(2), bytes(10));
    append(records, input(1), bytes(1));
    assertThat(sum.advance()).isEqualTo(1);

    assertThat(sum.snapshot().sum()).containsExactly(11);
  }

  @Test
  void refuses_to_go_on_after_an_update_of_another_length() throws Exception {
    append(records, input(1), bytes(1, 2));
    append(records, input(2), bytes(1, 2, 3));
    MaskedSum sum = MaskedSum.over(records, 2);

    assertThatThrownBy(sum::advance)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "update at offset 144 has 12 bytes, must have 8; the length is to be checked before it"
                + " is appended");
    assertThatThrownBy(sum::advance)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("an earlier call failed in the middle of an update; begin again from the log");
  }

  @Test
  void refuses_a_checkpoint_of_another_length() {
    records.checkpoint(new Checkpoint(new int[3], Set.of(), 0));

    assertThatThrownBy(() -> MaskedSum.over(records, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the sum is to have 4 lanes, but the checkpoint of the session has 3; use the plan that"
                + " the session was begun with");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void however_often_it_is_interrupted_the_sum_is_that_of_a_fresh_fold(long seed) throws Exception {
    Random random = new Random(seed);
    // Around a tile, at its borders, and several of them.
    int tileLanes = SessionLog.TILE_BYTES / 4;
    int[] sizes = {16, 17, 2_513, tileLanes - 1, tileLanes, tileLanes + 1, 3 * tileLanes + 5};
    int lanes = sizes[random.nextInt(sizes.length)];
    int[] expected = new int[lanes];
    List<ClientId> members = new ArrayList<>();
    MaskedSum sum = MaskedSum.over(records, lanes);
    for (int i = 0; i < 40; i++) {
      switch (random.nextInt(6)) {
        case 0 -> sum.advance();
        case 1 -> sum.checkpoint();
        case 2 -> sum = MaskedSum.over(records, lanes); // a restart from the latest checkpoint
        case 3 -> append(records, new RecordKey(client(i), Stage.ADVERTISE), new byte[] {1});
        case 4 -> {
          close();
          open();
          sum = MaskedSum.over(records, lanes);
        }
        default -> {
          int[] update = random.ints(lanes).toArray();
          append(records, input(i), bytes(update));
          members.add(client(i));
          for (int j = 0; j < lanes; j++) {
            expected[j] += update[j];
          }
        }
      }
    }
    sum.advance();

    assertThat(sum.snapshot().sum()).isEqualTo(expected);
    assertThat(sum.members()).containsExactlyElementsOf(members);
  }

  private static byte[] bytes(int... lanes) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * lanes.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(lanes);
    return bytes.array();
  }
}
