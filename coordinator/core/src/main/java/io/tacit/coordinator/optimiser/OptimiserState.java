package io.tacit.coordinator.optimiser;

import io.tacit.protocol.plan.ServerOptimiserSettings.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What an adaptive rule remembers between steps: a first and a second moment per parameter.
 * Immutable; versioned with the model it belongs to.
 *
 * <p>File format, little-endian: magic {@code "TCTO"}, u32 format version 1, u32 number of the rule
 * (as on the wire), u32 d, d × float32 first moments, d × float32 second moments. Integrity is that
 * of the content-addressed store.
 */
public final class OptimiserState {

  private static final int MAGIC = 'T' | 'C' << 8 | 'T' << 16 | 'O' << 24;
  private static final int FORMAT_VERSION = 1;
  private static final int HEADER_BYTES = 16;

  private static final OptimiserState NONE =
      new OptimiserState(Kind.MEAN, new float[0], new float[0]);

  private final Kind kind;
  private final float[] first;
  private final float[] second;

  private OptimiserState(Kind kind, float[] first, float[] second) {
    this.kind = kind;
    this.first = first;
    this.second = second;
  }

  /** Nothing remembered: before the first step, and always with rules that are not adaptive. */
  public static OptimiserState none() {
    return NONE;
  }

  /** Takes ownership of the arrays. */
  static OptimiserState owning(Kind kind, float[] first, float[] second) {
    return new OptimiserState(kind, first, second);
  }

  /**
   * Reads the file format.
   *
   * @param bytes the whole file
   * @param parametersExpected d of the model it belongs to
   * @throws IllegalArgumentException saying what is wrong with the file; checked before d floats
   *     are allocated
   */
  public static OptimiserState fromBytes(byte[] bytes, int parametersExpected) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < HEADER_BYTES || buffer.getInt() != MAGIC) {
      throw new IllegalArgumentException(
          "not an optimiser state: " + bytes.length + " bytes that do not begin with TCTO");
    }
    int version = buffer.getInt();
    int rule = buffer.getInt();
    int size = buffer.getInt();
    if (version != FORMAT_VERSION || rule < 1 || rule > Kind.values().length) {
      throw new IllegalArgumentException(
          "optimiser state has format version "
              + version
              + " and rule "
              + rule
              + ", this build reads version "
              + FORMAT_VERSION
              + " and rules 1 to "
              + Kind.values().length
              + "; update this software");
    }
    if (size != parametersExpected || bytes.length != HEADER_BYTES + 8L * size) {
      throw new IllegalArgumentException(
          "optimiser state announces "
              + (size & 0xffffffffL)
              + " parameters in "
              + bytes.length
              + " bytes, expected "
              + parametersExpected
              + " in "
              + (HEADER_BYTES + 8L * parametersExpected)
              + "; it belongs to another model");
    }
    float[] first = new float[size];
    float[] second = new float[size];
    buffer.asFloatBuffer().get(first).get(second);
    return new OptimiserState(Kind.values()[rule - 1], first, second);
  }

  /** Writes the file format. */
  public byte[] toBytes() {
    ByteBuffer buffer =
        ByteBuffer.allocate(HEADER_BYTES + 8 * first.length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putInt(MAGIC).putInt(FORMAT_VERSION).putInt(kind.ordinal() + 1).putInt(first.length);
    buffer.asFloatBuffer().put(first).put(second);
    return buffer.array();
  }

  /** Whether there is nothing to remember, and so nothing to store. */
  public boolean isNone() {
    return first.length == 0;
  }

  /** Whether a rule may go on from this state; else it starts from zero moments. */
  boolean belongsTo(Kind rule, int parameters) {
    return kind == rule && first.length == parameters;
  }

  /** First moments {@code float[d]}, not to be changed. */
  float[] first() {
    return first;
  }

  /** Second moments {@code float[d]}, not to be changed. */
  float[] second() {
    return second;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof OptimiserState state
        && state.kind == kind
        && Arrays.equals(state.first, first)
        && Arrays.equals(state.second, second);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(first) + Arrays.hashCode(second);
  }

  @Override
  public String toString() {
    return "OptimiserState[" + kind + ", " + first.length + "]";
  }
}
