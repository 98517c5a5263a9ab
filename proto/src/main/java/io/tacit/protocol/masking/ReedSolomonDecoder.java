package io.tacit.protocol.masking;

import java.util.Arrays;
import java.util.Optional;

/**
 * Finds secrets from shares of which some are wrong, and names who gave them.
 *
 * <p>Guarantee: of m shares with threshold t, up to {@code (m - t) / 2} liars are named and the
 * secret is right. With more liars the answer is mostly none, but may be wrong: check the secret
 * against what its owner committed to. Immutable and thread-safe; one serves all secrets that the
 * same members have shares of.
 *
 * <p>How: shares of one byte of a secret are a word of a generalised Reed-Solomon code. With {@code
 * v_i = 1 / prod_{j != i} (x_i - x_j)}, the syndromes {@code S_k = sum_i v_i y_i x_i^k}, k below m
 * - t, are 0 if and only if all shares lie on one polynomial of degree below t, and else are the
 * power sums of the errors. Berlekamp and Massey's algorithm (J. Massey, "Shift-register synthesis
 * and BCH decoding", 1969) finds the shortest recurrence of the syndromes, whose roots name the
 * liars. A liar may spoil some bytes only, so each byte is decoded for itself, and who is wrong in
 * one of them is left out for all.
 */
public final class ReedSolomonDecoder {

  private final int[] members;
  private final int threshold;
  private final int liarsMax;

  /** {@code v_i x_i^k}, by k and i. */
  private final int[][] checks;

  /**
   * What a set of shares gave.
   *
   * <p>Not a record, whose text would hold the secret.
   */
  public static final class Recovered {

    private final byte[] secret;
    private final MemberSet liars;

    private Recovered(byte[] secret, MemberSet liars) {
      this.secret = secret;
      this.liars = liars;
    }

    /** The secret itself, 32 bytes, not a copy; the caller erases it. */
    public byte[] secret() {
      return secret;
    }

    /** Whose share was wrong; of a roster of {@link MemberSet#ROSTER_SIZE_MAX}. */
    public MemberSet liars() {
      return liars;
    }

    @Override
    public String toString() {
      return "Recovered[liars " + liars + "]";
    }
  }

  /**
   * A decoder for the shares of some members.
   *
   * @param members distinct, at least as many as the threshold
   * @param threshold t, at least 1
   */
  public ReedSolomonDecoder(int[] members, int threshold) {
    if (threshold < 1 || threshold > members.length) {
      throw new IllegalArgumentException(
          "threshold is "
              + threshold
              + " and there are shares of "
              + members.length
              + " members, must be at least 1 and at most as many");
    }
    ShamirSharing.checkDistinct(members);
    this.members = members.clone();
    this.threshold = threshold;
    this.liarsMax = (members.length - threshold) / 2;
    this.checks = checks(members, members.length - threshold);
  }

  private static int[][] checks(int[] members, int count) {
    int[][] checks = new int[count][members.length];
    for (int i = 0; i < members.length; i++) {
      int product = 1;
      for (int j = 0; j < members.length; j++) {
        product = j == i ? product : GaloisField.multiply(product, members[i] ^ members[j]);
      }
      int value = GaloisField.inverse(product);
      for (int k = 0; k < count; k++) {
        checks[k][i] = value;
        value = GaloisField.multiply(value, members[i]);
      }
    }
    return checks;
  }

  /** How many liars are certainly named: {@code (m - t) / 2}. */
  public int liarsMax() {
    return liarsMax;
  }

  /**
   * Finds one secret.
   *
   * @param shares 32 bytes each, in the order of the members; not changed
   * @return empty if there are more liars than {@link #liarsMax}
   */
  public Optional<Recovered> decode(byte[][] shares) {
    if (shares.length != members.length) {
      throw new IllegalArgumentException(
          "there are " + shares.length + " shares, must be exactly " + members.length);
    }
    for (int i = 0; i < shares.length; i++) {
      ShamirSharing.checkSecret("share of member " + members[i], shares[i]);
    }
    boolean[] wrong = new boolean[members.length];
    byte[][] syndromes = syndromes(shares);
    for (int at = 0; at < ShamirSharing.SECRET_LENGTH; at++) {
      if (!markWrong(syndromes, at, wrong)) {
        return Optional.empty();
      }
    }
    int[] liars = new int[members.length];
    int count = 0;
    for (int i = 0; i < members.length; i++) {
      if (wrong[i]) {
        liars[count++] = members[i];
      }
    }
    if (count > liarsMax) {
      return Optional.empty();
    }
    MemberSet named = MemberSet.of(MemberSet.ROSTER_SIZE_MAX, Arrays.copyOf(liars, count));
    return Optional.of(new Recovered(fromTheOthers(shares, wrong), named));
  }

  /** By k; for all bytes of the secret at once. */
  private byte[][] syndromes(byte[][] shares) {
    long[][] sums = new long[checks.length][ShamirSharing.WORDS];
    for (int i = 0; i < shares.length; i++) {
      long[] share = ShamirSharing.words(shares[i], 0);
      for (int k = 0; k < sums.length; k++) {
        for (int w = 0; w < ShamirSharing.WORDS; w++) {
          sums[k][w] ^= GaloisField.multiply(share[w], checks[k][i]);
        }
      }
      Arrays.fill(share, 0);
    }
    byte[][] syndromes = new byte[sums.length][];
    for (int k = 0; k < sums.length; k++) {
      syndromes[k] = ShamirSharing.bytes(sums[k]);
    }
    return syndromes;
  }

  /**
   * Marks whose shares are wrong in one byte.
   *
   * @return false if no set of liars that is small enough explains the syndromes
   */
  private boolean markWrong(byte[][] syndromes, int at, boolean[] wrong) {
    int[] sequence = new int[syndromes.length];
    int any = 0;
    for (int k = 0; k < sequence.length; k++) {
      sequence[k] = syndromes[k][at] & 0xff;
      any |= sequence[k];
    }
    if (any == 0) {
      return true;
    }
    int[] locator = shortestRecurrence(sequence);
    int degree = locator.length - 1;
    if (degree > liarsMax) {
      return false;
    }
    int roots = 0;
    for (int i = 0; i < members.length; i++) {
      if (valueAt(locator, GaloisField.inverse(members[i])) == 0) {
        wrong[i] = true;
        roots++;
      }
    }
    // INVARIANT: as many roots as the recurrence is long. Then the syndromes are those of errors
    // at these places and nowhere else; with fewer, no small set of liars explains them.
    return roots == degree;
  }

  /**
   * Berlekamp and Massey.
   *
   * @return c with {@code c[0] = 1} and {@code sum_j c[j] s[k - j] = 0} for all k from its degree
   *     on; its length is that of the recurrence plus 1
   */
  private static int[] shortestRecurrence(int[] s) {
    int[] current = new int[s.length + 1];
    current[0] = 1;
    int[] before = current.clone();
    int length = 0;
    int shift = 1;
    int discrepancyBefore = 1;
    for (int k = 0; k < s.length; k++) {
      int discrepancy = 0;
      for (int j = 0; j <= length; j++) {
        discrepancy ^= GaloisField.multiply(current[j], s[k - j]);
      }
      if (discrepancy == 0) {
        shift++;
        continue;
      }
      int[] kept = current.clone();
      int factor = GaloisField.multiply(discrepancy, GaloisField.inverse(discrepancyBefore));
      for (int j = 0; j + shift < current.length; j++) {
        current[j + shift] ^= GaloisField.multiply(factor, before[j]);
      }
      if (2 * length <= k) {
        length = k + 1 - length;
        before = kept;
        discrepancyBefore = discrepancy;
        shift = 1;
      } else {
        shift++;
      }
    }
    return Arrays.copyOf(current, length + 1);
  }

  private static int valueAt(int[] polynomial, int x) {
    int value = 0;
    for (int degree = polynomial.length - 1; degree >= 0; degree--) {
      value = GaloisField.multiply(value, x) ^ polynomial[degree];
    }
    return value;
  }

  private byte[] fromTheOthers(byte[][] shares, boolean[] wrong) {
    int[] honest = new int[threshold];
    byte[][] theirs = new byte[threshold][];
    // At most liarsMax are wrong, so at least threshold are left.
    for (int i = 0, found = 0; found < threshold; i++) {
      if (!wrong[i]) {
        honest[found] = members[i];
        theirs[found++] = shares[i];
      }
    }
    return ShamirSharing.combine(honest, theirs);
  }
}
