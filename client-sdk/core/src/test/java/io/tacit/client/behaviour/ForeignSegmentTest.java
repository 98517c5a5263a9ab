package io.tacit.client.behaviour;

import static io.tacit.client.behaviour.Stores.NOON;
import static io.tacit.client.behaviour.Stores.clicks;
import static io.tacit.client.behaviour.Stores.openSmall;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Segments that the store has not written so itself, without encryption. */
class ForeignSegmentTest {

  private static final int EVENTS = 11;
  private static final BehaviourEvent NEXT = BehaviourEvent.like("next", NOON);

  @TempDir Path directory;

  @BeforeEach
  void record() throws IOException {
    try (FileBehaviourStore store = openSmall(directory)) {
      store.record(clicks(EVENTS));
    }
  }

  @Test
  void a_copy_of_a_record_inside_a_text_is_not_taken_for_one() throws IOException {
    // A body whose text holds a whole record, at the ordinal that would be next.
    ByteArrayOutputStream inner = new ByteArrayOutputStream();
    SegmentFormat.putRecord(inner, 99, 0, EventCodec.encode(NEXT));
    byte[] outer = new byte[400];
    System.arraycopy(inner.toByteArray(), 0, outer, 100, inner.size());
    ByteArrayOutputStream segment = new ByteArrayOutputStream();
    segment.writeBytes(SegmentFormat.header());
    SegmentFormat.putRecord(segment, 5, 0, outer);
    byte[] bytes = segment.toByteArray();
    bytes[20] ^= 1;
    Files.write(directory.resolve("events-000000000005"), bytes);

    try (FileBehaviourStore store = openSmall(directory)) {
      assertThat(store.events()).isEqualTo(clicks(EVENTS));
    }
  }

  @Test
  void a_record_that_matches_its_checksum_and_is_no_event_is_skipped_and_reported()
      throws IOException {
    ByteArrayOutputStream segment = new ByteArrayOutputStream();
    segment.writeBytes(SegmentFormat.header());
    SegmentFormat.putRecord(
        segment, 5, 0, new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 99, 99, 1, 1, 1, 1, 1});
    SegmentFormat.putRecord(segment, 5, 1, EventCodec.encode(NEXT));
    Files.write(directory.resolve("events-000000000005"), segment.toByteArray());

    try (FileBehaviourStore store = openSmall(directory)) {
      assertThat(store.latest(2)).containsExactly(NEXT);
      assertThat(store.verify().eventsDamaged()).isEqualTo(1);
      // The segment that was growing has lost its end: there are others behind it.
      assertThat(store.verify().places())
          .hasToString("[events-000000000003:129+0, events-000000000005:12+27]");
    }
  }

  @Test
  void leaves_segments_of_another_version_alone_and_goes_on_behind_them() throws IOException {
    ByteBuffer header = ByteBuffer.wrap(SegmentFormat.header());
    header.put(4, (byte) 2);
    CRC32 crc = new CRC32();
    crc.update(header.array(), 0, 8);
    header.putInt(8, (int) crc.getValue());
    byte[] newer = Arrays.copyOf(header.array(), 300);
    Files.write(directory.resolve("events-000000000007"), newer);

    try (FileBehaviourStore store = openSmall(directory)) {
      store.record(NEXT);
      assertThat(store.events()).hasSize(EVENTS + 1).endsWith(NEXT);
      assertThat(store.verify().places())
          .hasToString(
              "[events-000000000003:129+0, events-000000000007:0+300 is of a version that this"
                  + " client does not know]");
      assertThat(directory.resolve("events-000000000007")).hasBinaryContent(newer);
      assertThat(store.forget().files()).isEqualTo(5);
    }
  }
}
