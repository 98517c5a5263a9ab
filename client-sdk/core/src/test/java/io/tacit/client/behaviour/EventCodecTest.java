package io.tacit.client.behaviour;

import static io.tacit.client.behaviour.Stores.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.testing.Fuzz;
import java.io.EOFException;
import java.io.IOException;
import java.io.UTFDataFormatException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventCodecTest {

  /** Written by hand from the format, as it was before events had vectors. */
  private static final String WITHOUT_VECTORS =
      // 2026-11-24T12:00:00Z, "buy", "x"
      "000001a20d6d5a00"
          + "0003627579"
          + "000178"
          // 1 number, p = 1.5; 1 text, c = "ü"
          + "01"
          + "000170"
          + "3ff8000000000000"
          + "01"
          + "000163"
          + "0002c3bc";

  /** And with one: v = (1, -0.5). */
  private static final String VECTORS = "01" + "000176" + "0002" + "3f800000" + "bf000000";

  private static final BehaviourEvent EVENT =
      BehaviourEvent.of("buy", "x", NOON).with("p", 1.5).with("c", "ü");

  private static final BehaviourEvent WITH_VECTOR = EVENT.with("v", new float[] {1, -0.5f});

  @TempDir Path directory;

  private static BehaviourEvent decode(byte[] bytes) throws IOException {
    return new EventCodec().decode(bytes, 0, bytes.length);
  }

  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  @Test
  void an_event_without_vectors_is_written_as_before_there_were_any() throws IOException {
    assertThat(EventCodec.encode(EVENT)).isEqualTo(hex(WITHOUT_VECTORS));
    assertThat(decode(hex(WITHOUT_VECTORS))).isEqualTo(EVENT);
    assertThat(decode(hex(WITHOUT_VECTORS)).vectors()).isEmpty();
  }

  @Test
  void vectors_follow_behind_everything_else() throws IOException {
    assertThat(EventCodec.encode(WITH_VECTOR)).isEqualTo(hex(WITHOUT_VECTORS + VECTORS));
    assertThat(decode(hex(WITHOUT_VECTORS + VECTORS))).isEqualTo(WITH_VECTOR);
  }

  @Test
  void reads_back_the_largest_event() throws IOException {
    BehaviourEvent event = BehaviourEvent.click("€".repeat(256), NOON);
    for (int i = 1; i < BehaviourEvent.ATTRIBUTES_MAX; i++) {
      event = event.with("a".repeat(60) + i, "€".repeat(1024));
    }
    event = event.with("a".repeat(60), new float[BehaviourEvent.VECTOR_ELEMENTS_MAX]);
    byte[] bytes = EventCodec.encode(event);

    assertThat(bytes).hasSizeLessThanOrEqualTo(EventCodec.BYTES_MAX);
    assertThat(decode(bytes)).isEqualTo(event);
  }

  @Test
  void vectors_that_are_cut_off_anywhere_are_no_event() {
    byte[] whole = hex(WITHOUT_VECTORS + VECTORS);
    for (int cut = WITHOUT_VECTORS.length() / 2 + 1; cut < whole.length; cut++) {
      byte[] rest = Arrays.copyOf(whole, cut);
      assertThatThrownBy(() -> decode(rest)).as("cut at " + cut).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void vectors_that_no_app_can_have_made_are_no_event() {
    String start = WITHOUT_VECTORS + "01" + "000176";

    assertThatThrownBy(() -> decode(hex(start + "ffff" + "3f800000")))
        .isInstanceOf(EOFException.class);
    assertThatThrownBy(() -> decode(hex(start + "0000")))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("attribute v has 0 elements, must have 1 to 4096");
    assertThatThrownBy(() -> decode(hex(start + "0001" + "7fc00000")))
        .isInstanceOf(IOException.class)
        .hasMessage("element 0 of attribute v is not finite; leave the vector out");
  }

  @Test
  void a_store_loses_only_the_event_whose_vector_was_damaged_at_every_position()
      throws IOException {
    List<BehaviourEvent> events = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      events.add(BehaviourEvent.click("item-" + i, NOON).with("v", new float[] {i, -1, 0.25f}));
    }
    try (FileBehaviourStore store = Stores.open(directory)) {
      store.record(events);
    }
    Path file = directory.resolve("events-000000000001");
    byte[] whole = Files.readAllBytes(file);
    int first = SegmentFormat.HEADER_BYTES;
    int second = first + SegmentFormat.FRAME_BYTES + ByteBuffer.wrap(whole).getInt(first + 4);
    for (int at = first; at < second; at++) {
      byte[] changed = whole.clone();
      changed[at] ^= 0x40;
      Files.write(file, changed);

      assertThat(Stores.read(directory)).as("changed at " + at).isEqualTo(events.subList(1, 3));
    }
  }

  @Test
  @Tag(Fuzz.TAG)
  void damaged_bytes_are_an_event_or_a_reason() throws IOException {
    Fuzz.of(EventCodec.encode(EVENT), EventCodec.encode(WITH_VECTOR))
        .refusedWith(IOException.class, EOFException.class, UTFDataFormatException.class)
        .feed(EventCodecTest::decode);
  }
}
