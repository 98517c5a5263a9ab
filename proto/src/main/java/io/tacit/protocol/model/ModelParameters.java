package io.tacit.protocol.model;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.WireLimits;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of one model version: {@code float[d]} in the order of its {@link
 * ParameterLayout}. Immutable and safe to share between threads.
 *
 * <p>File format, little-endian: magic {@code "TCTM"}, u32 format version 1, u32 d, d × float32.
 * The content hash of a model is the SHA-256 of exactly these bytes.
 */
public final class ModelParameters {

  private static final int MAGIC = 'T' | 'C' << 8 | 'T' << 16 | 'M' << 24;
  private static final int FORMAT_VERSION = 1;
  private static final int HEADER_BYTES = 12;

  private final float[] values;

  private ModelParameters(float[] values) {
    this.values = values;
  }

  /** All zero. */
  public static ModelParameters zeros(ParameterLayout layout) {
    return new ModelParameters(new float[layout.size()]);
  }

  /**
   * Copies the values.
   *
   * @throws IllegalArgumentException if one is NaN or infinite
   */
  public static ModelParameters copyOf(float[] values) {
    requireFinite(values);
    return new ModelParameters(values.clone());
  }

  /**
   * Takes ownership of the values: the caller must not use the array any more.
   *
   * @throws IllegalArgumentException if one is NaN or infinite
   */
  public static ModelParameters owning(float[] values) {
    requireFinite(values);
    return new ModelParameters(values);
  }

  /**
   * The start of training: drawn by each block's {@link Initialiser} from a SplitMix64 stream
   * (Steele, Lea and Flood 2014), so that the same specification gives the same bytes everywhere.
   */
  public static ModelParameters initial(ModelSpecification specification) {
    ParameterLayout layout = specification.layout();
    float[] values = new float[layout.size()];
    SplitMix64 random = new SplitMix64(specification.initialSeed());
    for (ParameterBlock block : layout.blocks()) {
      for (int i = block.offset(); i < block.offset() + block.size(); i++) {
        values[i] =
            switch (block.initialiser()) {
              case ZERO -> 0;
              case NORMAL -> (float) (0.1 * random.nextGaussian());
              case GLOROT_UNIFORM ->
                  (float)
                      ((2 * random.nextDouble() - 1)
                          * StrictMath.sqrt(6.0 / (block.rows() + block.columns())));
              case HE_NORMAL ->
                  (float) (StrictMath.sqrt(2.0 / block.rows()) * random.nextGaussian());
            };
      }
    }
    return new ModelParameters(values);
  }

  /**
   * Reads the file format.
   *
   * @param bytes the whole file
   * @param parametersExpected d of the model that is wanted
   * @throws IllegalArgumentException saying what is wrong with the file; checked before d floats
   *     are allocated
   */
  public static ModelParameters fromBytes(byte[] bytes, int parametersExpected) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < HEADER_BYTES || buffer.getInt(0) != MAGIC) {
      throw new IllegalArgumentException(
          "not a model file: " + bytes.length + " bytes that do not begin with TCTM");
    }
    if (buffer.getInt(4) != FORMAT_VERSION) {
      throw new IllegalArgumentException(
          "model file has format version "
              + buffer.getInt(4)
              + ", this build reads "
              + FORMAT_VERSION
              + "; update the software that reads it");
    }
    int size = buffer.getInt(8);
    if (size != parametersExpected || bytes.length != fileBytes(parametersExpected)) {
      throw new IllegalArgumentException(
          "model file announces "
              + (size & 0xffffffffL)
              + " parameters in "
              + bytes.length
              + " bytes, expected "
              + parametersExpected
              + " in "
              + fileBytes(parametersExpected)
              + "; fetch the model again");
    }
    float[] values = new float[size];
    ByteBuffer.wrap(bytes, HEADER_BYTES, 4 * size)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(values);
    requireFinite(values);
    return new ModelParameters(values);
  }

  /** Size in bytes of the file of a model with so many parameters. */
  public static long fileBytes(int parameters) {
    return HEADER_BYTES + 4L * parameters;
  }

  /** Writes the file format. */
  public byte[] toBytes() {
    if (values.length > WireLimits.PARAMETERS_MAX) {
      throw new IllegalStateException("model has " + values.length + " parameters");
    }
    ByteBuffer buffer =
        ByteBuffer.allocate((int) fileBytes(values.length)).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putInt(MAGIC).putInt(FORMAT_VERSION).putInt(values.length);
    buffer.asFloatBuffer().put(values);
    return buffer.array();
  }

  /** The SHA-256 of {@link #toBytes()}. */
  public ContentHash contentHash() {
    return ContentHash.of(toBytes());
  }

  /** d. */
  public int size() {
    return values.length;
  }

  /** One parameter. */
  public float get(int index) {
    return values[index];
  }

  /** A copy of all values. */
  public float[] toArray() {
    return values.clone();
  }

  /** Copies all values into the start of {@code target}, for callers that reuse their buffers. */
  public void copyTo(float[] target) {
    System.arraycopy(values, 0, target, 0, values.length);
  }

  /** Copies {@code length} values from index {@code from} on to {@code targetFrom} of a target. */
  public void copyTo(int from, float[] target, int targetFrom, int length) {
    System.arraycopy(values, from, target, targetFrom, length);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ModelParameters
        && Arrays.equals(values, ((ModelParameters) other).values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "ModelParameters[" + values.length + "]";
  }

  private static void requireFinite(float[] values) {
    // All at once first, as a start goes through a whole model before anything is compiled: a
    // product with 0 is 0, but NaN of NaN and of the infinite, and stays so in the sum. Four sums,
    // as one would wait for its own last addition.
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int whole = values.length - values.length % 4;
    for (int i = 0; i < whole; i += 4) {
      a += values[i] * 0;
      b += values[i + 1] * 0;
      c += values[i + 2] * 0;
      d += values[i + 3] * 0;
    }
    for (int i = whole; i < values.length; i++) {
      a += values[i] * 0;
    }
    if (a + b + c + d == 0) {
      return;
    }
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "parameter " + i + " is " + values[i] + ", must be finite");
      }
    }
  }
}
