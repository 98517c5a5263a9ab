package io.tacit.protocol.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.SessionId;
import org.junit.jupiter.api.Test;

class TranscriptTest {

  private static final SessionId SESSION = SessionId.fromHex("000102030405060708090a0b0c0d0e0f");
  private static final ContentHash PLAN = ContentHash.of("task".getBytes(US_ASCII));
  private static final ContentHash MODEL = ContentHash.of("model".getBytes(US_ASCII));

  /** Known answers of SA-1: kat.txt, value ctx0 of suites 1 and 2, made by another program. */
  @Test
  void the_session_context_gives_known_answers() {
    assertThat(hex(Transcript.sessionContext(1, SESSION, PLAN, MODEL, 7)))
        .isEqualTo("eca5063d1f87cc883d446a2de7fbe329e49afd908f47098b2588b77bf53ad86a");
    assertThat(hex(Transcript.sessionContext(2, SESSION, PLAN, MODEL, 7)))
        .isEqualTo("33db90da500478f2655edea873125c0eb089e9d1573598bbe42d6898272737cd");
  }

  @Test
  void every_part_of_the_session_context_counts() {
    byte[] context = Transcript.sessionContext(0, SESSION, PLAN, MODEL, 7);

    assertThat(Transcript.sessionContext(1, SESSION, PLAN, MODEL, 7)).isNotEqualTo(context);
    assertThat(Transcript.sessionContext(0, SessionId.fromBytes(new byte[16]), PLAN, MODEL, 7))
        .isNotEqualTo(context);
    assertThat(Transcript.sessionContext(0, SESSION, MODEL, MODEL, 7)).isNotEqualTo(context);
    assertThat(Transcript.sessionContext(0, SESSION, PLAN, PLAN, 7)).isNotEqualTo(context);
    assertThat(Transcript.sessionContext(0, SESSION, PLAN, MODEL, 8)).isNotEqualTo(context);
  }

  @Test
  void info_is_domain_label_and_length_prefixed_parts() {
    byte[] info = Transcript.info("adv", new byte[] {1, 2}, new byte[0], new byte[] {3});

    assertThat(info)
        .isEqualTo(
            concatenate(
                "tacit-sa1/adv".getBytes(US_ASCII),
                new byte[] {0, 0, 0, 0, 2, 1, 2, 0, 0, 0, 0, 0, 0, 0, 1, 3}));
    assertThat(Transcript.hash("adv", new byte[] {1, 2}, new byte[0], new byte[] {3}))
        .isEqualTo(ContentHash.of(info).toBytes());
  }

  @Test
  void moving_a_byte_from_one_part_to_the_next_changes_the_hash() {
    assertThat(Transcript.hash("x", new byte[] {1, 2}, new byte[] {3}))
        .isNotEqualTo(Transcript.hash("x", new byte[] {1}, new byte[] {2, 3}));
    assertThat(Transcript.hash("x", new byte[0])).isNotEqualTo(Transcript.hash("x"));
  }

  private static byte[] concatenate(byte[] one, byte[] other) {
    byte[] both = java.util.Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }

  private static String hex(byte[] hash) {
    return ContentHash.fromDigest(hash).toHex();
  }
}
