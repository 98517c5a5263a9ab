package io.tacit.coordinator.sessions;

import io.tacit.protocol.Suite;
import io.tacit.protocol.masking.KeySchedule;
import io.tacit.protocol.masking.MaskKeys;
import io.tacit.protocol.masking.MemberSet;
import io.tacit.protocol.masking.SealedShares;
import io.tacit.protocol.masking.SessionPublicKey;
import io.tacit.protocol.masking.SessionTranscript;
import io.tacit.protocol.masking.ShamirSharing;
import io.tacit.protocol.session.ShareBox;
import io.tacit.protocol.session.SignedKeyShares;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The end of a session of 64 devices and 1,000,000 parameters of which 19 brought no update:
 * secrets rebuilt and checked, 900 masks taken away, on all cores; beside its limit, the AES of
 * these masks. {@link UnmaskFigures} runs it and prints it beside its limit.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@State(Scope.Benchmark)
@NullUnmarked // set-up methods fill the fields
public class UnmaskBenchmark {

  private static final int MEMBERS = 64;
  private static final int DROPPED = 19;
  private static final int SURVIVORS = MEMBERS - DROPPED;

  /** One self mask of each survivor, and a pair mask of each with each that dropped out. */
  private static final int MASKS = SURVIVORS * (1 + DROPPED);

  private static final int LANES = 16 + 1_000_000;
  private static final int CALL_BYTES = 16 * 1024;

  /** CLASSIC or HYBRID. */
  @Param({"CLASSIC", "HYBRID"})
  public Suite suite;

  private final SecureRandom random = new SecureRandom();
  private final byte[] ctx0 = new byte[32];
  private final byte[] ctx1 = new byte[32];
  private final MaskKeys[] keys = new MaskKeys[MEMBERS + 1];
  private final byte[][] selfSecrets = new byte[MEMBERS + 1][32];
  private final int[] lanes = new int[LANES];
  private MaskPool pool;
  private Unmasker unmasker;
  private MaskEvidence evidence;

  /** Makes a session in which everyone shared and the last 19 dropped out. */
  @Setup
  public void share() {
    pool = MaskPool.ofAllCores();
    unmasker = new Unmasker(pool);
    SessionPublicKey[] publicKeys = new SessionPublicKey[MEMBERS + 1];
    int threshold = SessionTranscript.threshold(MEMBERS);
    byte[][][] maskShares = new byte[MEMBERS + 1][][];
    byte[][][] selfShares = new byte[MEMBERS + 1][][];
    for (int member = 1; member <= MEMBERS; member++) {
      keys[member] = MaskKeys.generate(suite, ctx0, random);
      publicKeys[member] = keys[member].publicKey();
      random.nextBytes(selfSecrets[member]);
      maskShares[member] = ShamirSharing.split(keys[member].secret(), MEMBERS, threshold, random);
      selfShares[member] = ShamirSharing.split(selfSecrets[member], MEMBERS, threshold, random);
    }
    Map<Integer, MaskEvidence.Revealed> revealed = new HashMap<>();
    for (int survivor = 1; survivor <= SURVIVORS; survivor++) {
      int at = survivor - 1;
      revealed.put(
          survivor, new MaskEvidence.Revealed(of -> selfShares[of][at], of -> maskShares[of][at]));
    }
    int[] survivors = IntStream.rangeClosed(1, SURVIVORS).toArray();
    evidence =
        new MaskEvidence(
            suite,
            ctx0,
            ctx1,
            threshold,
            MemberSet.all(MEMBERS),
            MemberSet.of(MEMBERS, survivors),
            publicKeys,
            keyShares(),
            revealed);
  }

  private Map<Integer, SignedKeyShares.Opened> keyShares() {
    KeySchedule schedule = new KeySchedule(suite, ctx1);
    SealedShares sealed =
        new SealedShares(
            new byte[SessionPublicKey.ciphertextLength(suite)],
            new byte[SealedShares.SEALED_LENGTH]);
    Map<Integer, SignedKeyShares.Opened> shares = new HashMap<>();
    for (int member = 1; member <= MEMBERS; member++) {
      List<ShareBox> boxes = new ArrayList<>();
      for (int peer = 1; peer <= MEMBERS; peer++) {
        if (peer != member) {
          byte[] ciphertext =
              member < peer
                  ? schedule
                      .pairMaskOfLower(member, keys[member], peer, keys[peer].publicKey())
                      .ciphertext()
                  : new byte[0];
          boxes.add(new ShareBox(peer, sealed, ciphertext));
        }
      }
      shares.put(
          member,
          new SignedKeyShares.Opened(boxes, schedule.selfCommitment(member, selfSecrets[member])));
    }
    return shares;
  }

  /** Ends the threads. */
  @TearDown
  public void close() {
    pool.close();
  }

  /** All of it: Reed-Solomon, keys, checks, masks. */
  @Benchmark
  public Set<Integer> unmask() {
    return unmasker.unmask(evidence, lanes);
  }

  /** The limit: the platform's AES over the same bytes, on as many threads, added to nothing. */
  @Benchmark
  public int aes_of_the_masks() {
    pool.forEach(
        MASKS,
        () -> {
          byte[] zeros = new byte[CALL_BYTES];
          byte[] out = new byte[CALL_BYTES];
          return piece -> generate(zeros, out);
        });
    return MASKS;
  }

  private static void generate(byte[] zeros, byte[] out) {
    try {
      Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(
          Cipher.ENCRYPT_MODE,
          new SecretKeySpec(new byte[32], "AES"),
          new IvParameterSpec(new byte[16]));
      for (int left = Integer.BYTES * LANES; left > 0; left -= CALL_BYTES) {
        cipher.update(zeros, 0, Math.min(CALL_BYTES, left), out, 0);
      }
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has AES", e);
    }
  }
}
