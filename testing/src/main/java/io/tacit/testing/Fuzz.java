package io.tacit.testing;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;

/**
 * Feeds a decoder what an attacker or a dying disk may give it: sound samples with bits flipped,
 * bytes set, pieces cut out, doubled, moved or taken from another sample, numbers made huge, and
 * plain noise. A decoder may refuse them with the exceptions that it documents and no other, and
 * must not allocate much for what is small.
 *
 * <p>{@code -Dtacit.fuzz.inputs=N} feeds N inputs to each decoder instead of {@value
 * #INPUTS_BY_DEFAULT}, {@code -Dtacit.seed=S} other ones. A failure tells the seed, the number of
 * the input and its bytes. Tests that do this have the tag {@value #TAG}, so that {@code
 * -Dgroups=fuzz} runs them alone.
 *
 * <pre>{@code
 * @Test
 * @Tag(Fuzz.TAG)
 * void refuses_damaged_bytes_as_documented() {
 *   Fuzz.of(plan.toBytes(), largePlan.toBytes())
 *       .refusedWith(IllegalArgumentException.class)
 *       .feed(TrainingPlan::fromBytes);
 * }
 * }</pre>
 *
 * <p>Immutable, but for what {@link #feed} does with the decoder.
 */
public final class Fuzz {

  /** The system property that says how many inputs each decoder gets. */
  public static final String INPUTS = "tacit.fuzz.inputs";

  /** The tag of tests that feed inputs to a decoder. */
  public static final String TAG = "fuzz";

  private static final int INPUTS_BY_DEFAULT = 10_000;
  private static final int CHANGES_MAX = 4;
  private static final int PIECE_MAX = 64;
  private static final int NOISE_MAX = 256;
  private static final int BYTES_SHOWN = 4096;
  private static final long ALLOCATION_BY_DEFAULT = 1 << 20;

  /** Lengths, counts and offsets that code likes to trust, as bytes that may stand for them. */
  private static final byte[][] NUMBERS = {
    {0, 0, 0, 0},
    {-1, -1, -1, -1},
    {-1, -1, -1, 0x7f},
    {0x7f, -1, -1, -1},
    {0, 0, 0, (byte) 0x80},
    {(byte) 0x80, 0, 0, 0},
    // Varints of protocol buffers: 2^31 - 1, 2^35 - 1, 2^64 - 1, and one without an end.
    {-1, -1, -1, -1, 0x07},
    {-1, -1, -1, -1, 0x7f},
    {-1, -1, -1, -1, -1, -1, -1, -1, -1, 0x01},
    {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1},
  };

  /** What reads bytes. */
  @FunctionalInterface
  public interface Decoder {

    /**
     * Reads an input, and throws what it documents if it can not.
     *
     * @param input its own to keep or change
     */
    void decode(byte[] input) throws Exception;
  }

  private final long seed;
  private final byte[][] samples;
  private final Set<Class<? extends Exception>> refusals;
  private final long allocationMax;

  private Fuzz(
      long seed, byte[][] samples, Set<Class<? extends Exception>> refusals, long allocationMax) {
    this.seed = seed;
    this.samples = samples;
    this.refusals = refusals;
    this.allocationMax = allocationMax;
  }

  /**
   * Inputs that are close to these.
   *
   * @param samples at least one sound input
   */
  public static Fuzz of(byte[]... samples) {
    return of(Long.getLong(Seeds.PROPERTY, 1), samples);
  }

  static Fuzz of(long seed, byte[]... samples) {
    if (samples.length == 0) {
      throw new IllegalArgumentException("no samples, must be at least 1");
    }
    return new Fuzz(seed, samples, Set.of(), ALLOCATION_BY_DEFAULT);
  }

  /** What the decoder documents for input that it can not read; exactly these classes. */
  @SafeVarargs
  public final Fuzz refusedWith(Class<? extends Exception>... documented) {
    return new Fuzz(seed, samples, Set.of(documented), allocationMax);
  }

  /**
   * What one input may cost in allocated bytes, beside 64 times its length. 1 MiB if not said
   * otherwise.
   */
  public Fuzz allocatingAtMost(long bytes) {
    return new Fuzz(seed, samples, refusals, bytes);
  }

  /** How many inputs each decoder gets. */
  public static int inputs() {
    return Integer.getInteger(INPUTS, INPUTS_BY_DEFAULT);
  }

  /**
   * Feeds as many inputs as {@link #inputs} says.
   *
   * @throws AssertionError if a sample is refused, if an input brings another exception than those
   *     documented, or more memory than allowed
   */
  public void feed(Decoder decoder) {
    feed(inputs(), decoder);
  }

  /** Feeds so many inputs, for decoders that need files or connections. */
  public void feed(int inputs, Decoder decoder) {
    for (byte[] sample : samples) {
      try {
        decoder.decode(sample.clone());
      } catch (Exception e) {
        throw new AssertionError("a sample is refused: " + hex(sample), e);
      }
    }
    Random random = new Random(seed);
    for (int i = 0; i < inputs; i++) {
      feedOne(i, mutated(random), decoder);
    }
  }

  private void feedOne(int number, byte[] input, Decoder decoder) {
    byte[] copy = input.clone();
    long before = allocated();
    try {
      decoder.decode(input);
    } catch (Exception | StackOverflowError | OutOfMemoryError e) {
      if (!refusals.contains(e.getClass())) {
        throw new AssertionError(which(number, copy) + " brings " + e, e);
      }
    }
    long cost = allocated() - before;
    if (cost > allocationMax + 64L * copy.length) {
      throw new AssertionError(
          which(number, copy) + " costs " + cost + " bytes, may cost " + allocationMax);
    }
  }

  private String which(int number, byte[] input) {
    return "seed "
        + seed
        + ", input "
        + number
        + " of "
        + input.length
        + " bytes ("
        + hex(input)
        + ")";
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, BYTES_SHOWN));
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  /** An input that is close to a sample. May be a sample by chance. */
  private byte[] mutated(Random random) {
    if (random.nextInt(50) == 0) {
      byte[] noise = new byte[random.nextInt(NOISE_MAX)];
      random.nextBytes(noise);
      return noise;
    }
    byte[] bytes = samples[random.nextInt(samples.length)].clone();
    int changes = 1 + random.nextInt(CHANGES_MAX);
    for (int i = 0; i < changes; i++) {
      bytes = changed(bytes, random);
    }
    return bytes;
  }

  private byte[] changed(byte[] bytes, Random random) {
    if (bytes.length == 0) {
      return bytes;
    }
    int at = random.nextInt(bytes.length);
    int piece = 1 + random.nextInt(Math.min(PIECE_MAX, bytes.length - at));
    switch (random.nextInt(8)) {
      case 0 -> {
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        return bytes;
      }
      case 1 -> {
        bytes[at] = (byte) random.nextInt(256);
        return bytes;
      }
      case 2 -> {
        return Arrays.copyOf(bytes, at);
      }
      case 3 -> {
        return spliced(bytes, at, at + piece, new byte[0]);
      }
      case 4 -> {
        return spliced(bytes, at, at, Arrays.copyOfRange(bytes, at, at + piece));
      }
      case 5 -> {
        byte[] number = NUMBERS[random.nextInt(NUMBERS.length)];
        int end = random.nextBoolean() ? at : Math.min(bytes.length, at + number.length);
        return spliced(bytes, at, end, number);
      }
      case 6 -> {
        byte[] other = samples[random.nextInt(samples.length)];
        int from = other.length == 0 ? 0 : random.nextInt(other.length);
        int to = Math.min(other.length, from + piece);
        return spliced(bytes, at, at + piece, Arrays.copyOfRange(other, from, to));
      }
      default -> {
        byte[] noise = new byte[piece];
        random.nextBytes(noise);
        return spliced(bytes, at, at, noise);
      }
    }
  }

  /** The bytes with those of [from, to) replaced. */
  private static byte[] spliced(byte[] bytes, int from, int to, byte[] by) {
    byte[] spliced = new byte[bytes.length - (to - from) + by.length];
    System.arraycopy(bytes, 0, spliced, 0, from);
    System.arraycopy(by, 0, spliced, from, by.length);
    System.arraycopy(bytes, to, spliced, from + by.length, bytes.length - to);
    return spliced;
  }
}
