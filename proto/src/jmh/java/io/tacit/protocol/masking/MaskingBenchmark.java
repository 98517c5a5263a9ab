package io.tacit.protocol.masking;

import io.tacit.protocol.WireLimits;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one device spends on masking its update for a session: the self mask and those of all pairs,
 * on one core. {@link MaskingFigures} runs it and prints it beside its limit.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@State(Scope.Benchmark)
@NullUnmarked // the set-up method fills the fields
public class MaskingBenchmark {

  private static final VarHandle LANE =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /** Members of the session. */
  @Param({"64", "100"})
  public int members;

  /** Parameters of the model. */
  @Param({"100000", "1000000"})
  public int parameters;

  private final MaskStream stream = new MaskStream();
  private final byte[] zeros = new byte[16 * 1024];
  private final byte[] bytes = new byte[16 * 1024];
  private byte[][] keys;
  private List<byte[]> added;
  private List<byte[]> subtracted;
  private int[] lanes;
  private IntBuffer masked;
  private Cipher cipher;

  /** One key for each mask. */
  @Setup
  public void draw() throws GeneralSecurityException {
    keys = new byte[members][MaskStream.KEY_LENGTH];
    Random random = new Random(1);
    for (byte[] key : keys) {
      random.nextBytes(key);
    }
    added = List.of(keys).subList(0, members / 2);
    subtracted = List.of(keys).subList(members / 2, members);
    lanes = new int[WireLimits.HEADER_LANES + parameters];
    masked = ByteBuffer.allocate(4 * lanes.length).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
    cipher = Cipher.getInstance("AES/CTR/NoPadding");
  }

  /** As a device does it. */
  @Benchmark
  public IntBuffer mask() {
    ((Buffer) masked).clear();
    stream.maskInto(masked, lanes, added, subtracted);
    return masked;
  }

  /** The limit: as many bytes of key stream, generated and added by the shortest loop there is. */
  @Benchmark
  public int[] limit() throws GeneralSecurityException {
    for (byte[] key : keys) {
      cipher.init(
          Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(new byte[16]));
      for (int from = 0; from < lanes.length; from += bytes.length / 4) {
        int count = Math.min(bytes.length / 4, lanes.length - from);
        cipher.update(zeros, 0, 4 * count, bytes, 0);
        for (int i = 0; i < count; i++) {
          lanes[from + i] += (int) LANE.get(bytes, 4 * i);
        }
      }
    }
    return lanes;
  }
}
