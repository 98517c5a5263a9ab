package io.tacit.protocol.masking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tacit.testing.Seeds;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MaskStreamTest {

  private final MaskStream stream = new MaskStream();

  static LongStream seeds() {
    return Seeds.upTo(100);
  }

  /** NIST SP 800-38A, F.5.5 CTR-AES256.Encrypt, whose counter begins at f0f1..ff. */
  @Test
  void gives_the_known_answer_of_nist() throws Exception {
    byte[] counter = HexFormat.of().parseHex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
    RecordingAes aes = new RecordingAes(counter);
    int[] lanes =
        lanes(
            "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
                + "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");
    int[] ciphertext =
        lanes(
            "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5"
                + "2b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6");
    int[] mask = new int[16];

    new MaskStream(aes.cipher())
        .add(
            HexFormat.of()
                .parseHex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"),
            mask);

    for (int i = 0; i < mask.length; i++) {
      assertThat(lanes[i] ^ mask[i]).isEqualTo(ciphertext[i]);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void is_the_key_stream_of_one_call_however_it_is_cut(long seed) throws Exception {
    Random random = new Random(seed);
    byte[] key = new byte[32];
    random.nextBytes(key);
    int[] lanes = random.ints(1 + random.nextInt(3 * MaskStream.TILE_LANES)).toArray();
    int[] expected = lanes.clone();
    int[] mask = keyStream(key, lanes.length);
    for (int i = 0; i < mask.length; i++) {
      expected[i] += mask[i];
    }
    int[] whole = lanes.clone();
    stream.add(key, whole);
    assertThat(whole).isEqualTo(expected);

    for (int from = 0; from < lanes.length; ) {
      int count = Math.min(4 * (1 + random.nextInt(2_500)), lanes.length - from);
      int[] tile = Arrays.copyOfRange(lanes, from, from + count);
      stream.add(key, from, tile, count);
      assertThat(tile).isEqualTo(Arrays.copyOfRange(expected, from, from + count));
      stream.subtract(key, from, tile, count);
      assertThat(tile).isEqualTo(Arrays.copyOfRange(lanes, from, from + count));
      from += count;
    }

    stream.subtract(key, whole);
    assertThat(whole).isEqualTo(lanes);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void masks_an_update_with_all_its_keys_and_leaves_nothing_of_it(long seed) {
    Random random = new Random(seed);
    int[] lanes = random.ints(1 + random.nextInt(2 * MaskStream.TILE_LANES)).toArray();
    List<byte[]> added = keys(random);
    List<byte[]> subtracted = keys(random);
    int[] expected = lanes.clone();
    added.forEach(key -> stream.add(key, expected));
    subtracted.forEach(key -> stream.subtract(key, expected));
    IntBuffer out = IntBuffer.allocate(lanes.length);

    stream.maskInto(out, lanes, added, subtracted);

    assertThat(out.array()).isEqualTo(expected);
    assertThat(lanes).containsOnly(0);
  }

  private static List<byte[]> keys(Random random) {
    List<byte[]> keys = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      byte[] key = new byte[MaskStream.KEY_LENGTH];
      random.nextBytes(key);
      keys.add(key);
    }
    return keys;
  }

  @Test
  void a_tile_far_out_is_where_the_counter_says() throws Exception {
    byte[] key = new byte[32];
    byte[] iv = new byte[16];
    ByteBuffer.wrap(iv).putLong(8, 1L << 40);
    Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
    cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
    int[] mask = new int[8];

    stream.add(key, 1L << 42, mask, 8);

    assertThat(mask).isEqualTo(lanes(HexFormat.of().formatHex(cipher.doFinal(new byte[32]))));
  }

  @Test
  void asks_the_platform_for_at_most_16_kib_at_a_time() throws Exception {
    RecordingAes aes = new RecordingAes(new byte[16]);

    new MaskStream(aes.cipher()).add(new byte[32], new int[10_000]);

    assertThat(aes.updateLengths()).containsExactly(16 * 1024, 16 * 1024, 40_000 - 32 * 1024);
  }

  @Test
  void touches_nothing_beyond_the_tile() {
    int[] lanes = new int[20];

    stream.add(new byte[32], 4, lanes, 7);

    for (int i = 0; i < lanes.length; i++) {
      assertThat(lanes[i] != 0).as("lane %d", i).isEqualTo(i < 7);
    }
  }

  @Test
  void refuses_tiles_and_keys_that_it_can_not_do() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> stream.add(new byte[32], 2, new int[8], 8))
        .withMessage("tile begins at lane 2, must be a multiple of 4");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> stream.subtract(new byte[32], 0, new int[8], 9))
        .withMessage("tile has 9 lanes, must have 0 to 8");
    int tooMany = MaskStream.TILE_LANES + 1;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> stream.add(new byte[32], 0, new int[tooMany], tooMany))
        .withMessage("tile has 32769 lanes, must have 0 to 32768");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> stream.add(new byte[16], new int[8]))
        .withMessage("mask key has 16 bytes, must have exactly 32");
  }

  /**
   * Whatever the update is, what leaves the device is uniform: chi-square of the bytes at a fixed
   * seed. With 255 degrees of freedom, 341 is passed once in 5,000 fair trials.
   */
  @Test
  void masked_lanes_are_uniform() {
    int[] lanes = new int[100_000];
    Arrays.fill(lanes, 17);
    byte[] key = new byte[32];
    new Random(1).nextBytes(key);

    stream.add(key, lanes);

    int[] counts = new int[256];
    for (int lane : lanes) {
      for (int shift = 0; shift < 32; shift += 8) {
        counts[lane >>> shift & 0xff]++;
      }
    }
    double expected = 4.0 * lanes.length / counts.length;
    double chiSquare = 0;
    for (int count : counts) {
      chiSquare += (count - expected) * (count - expected) / expected;
    }
    assertThat(chiSquare).isBetween(180.0, 341.0);
  }

  @Test
  void two_masks_of_one_update_have_nothing_in_common() {
    int[] one = new int[100_000];
    int[] other = new int[100_000];
    byte[] key = new byte[32];
    new Random(2).nextBytes(key);
    stream.add(key, one);
    key[0]++;
    stream.add(key, other);

    int equalBits = 0;
    for (int i = 0; i < one.length; i++) {
      equalBits += Integer.bitCount(~(one[i] ^ other[i]));
    }
    // 3.2 million fair coins: five standard deviations are 4,472.
    assertThat(equalBits).isBetween(1_600_000 - 4_472, 1_600_000 + 4_472);
  }

  @Test
  void erases_its_buffers_and_works_on() throws Exception {
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    int[] lanes = new int[100];
    stream.add(key, lanes);

    stream.erase();

    assertThat(Fields.secretsOf(stream)).isNotEmpty().allMatch(Fields::isZero);
    stream.subtract(key, lanes);
    assertThat(lanes).containsOnly(0);
  }

  private static int[] keyStream(byte[] key, int lanes) throws Exception {
    Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(new byte[16]));
    int[] mask = new int[lanes];
    ByteBuffer.wrap(cipher.doFinal(new byte[4 * lanes]))
        .order(ByteOrder.LITTLE_ENDIAN)
        .asIntBuffer()
        .get(mask);
    return mask;
  }

  private static int[] lanes(String hex) {
    int[] lanes = new int[hex.length() / 8];
    ByteBuffer.wrap(HexFormat.of().parseHex(hex))
        .order(ByteOrder.LITTLE_ENDIAN)
        .asIntBuffer()
        .get(lanes);
    return lanes;
  }
}
