package io.tacit.coordinator.sessions;

import io.tacit.protocol.crypto.BadKeyException;
import io.tacit.protocol.masking.KeySchedule;
import io.tacit.protocol.masking.MaskKeys;
import io.tacit.protocol.masking.MemberSet;
import io.tacit.protocol.masking.PairMask;
import io.tacit.protocol.masking.ReedSolomonDecoder;
import io.tacit.protocol.masking.SessionPublicKey;
import io.tacit.protocol.session.SignedKeyShares;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Rebuilds the masks of a sum from revealed shares, and checks each secret against what its owner
 * had published: a secret that fits is the right one, whoever lied about shares.
 *
 * <p>One thread may rebuild one member while others rebuild others.
 */
final class MaskRebuilder {

  private final MaskEvidence evidence;
  private final KeySchedule schedule;
  private final int[] revealers;
  private final ReedSolomonDecoder decoder;

  /**
   * @throws IllegalArgumentException if fewer have revealed than the threshold
   */
  MaskRebuilder(MaskEvidence evidence) {
    this.evidence = evidence;
    this.schedule = new KeySchedule(evidence.suite(), evidence.ctx1());
    this.revealers = evidence.revealed().keySet().stream().mapToInt(i -> i).sorted().toArray();
    this.decoder = new ReedSolomonDecoder(revealers, evidence.threshold());
  }

  /**
   * The masks of one member that are in the sum.
   *
   * @param keys what is to be taken away; the caller erases them
   * @param liars whose shares did not fit
   */
  record Rebuilt(List<MaskKey> keys, MemberSet liars) {}

  /** That of a survivor: its self mask. Says why, if there is none. */
  Rebuilt survivor(int member) {
    byte[][] shares = new byte[revealers.length][];
    for (int i = 0; i < revealers.length; i++) {
      shares[i] = revealedBy(revealers[i]).ofSurvivor().apply(member);
    }
    ReedSolomonDecoder.Recovered recovered = decode(shares, member);
    byte[] secret = recovered.secret();
    try {
      byte[] commitment = keySharesOf(member).selfCommitment();
      if (!MessageDigest.isEqual(schedule.selfCommitment(member, secret), commitment)) {
        throw new BadShareException(
            "the self mask of member " + member + " is not the one that it committed to");
      }
      return new Rebuilt(
          List.of(new MaskKey(schedule.selfMaskKey(member, secret), true)), recovered.liars());
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  /** Those of a member that dropped out: its pair masks with all survivors. */
  Rebuilt dropped(int member) {
    byte[][] shares = new byte[revealers.length][];
    for (int i = 0; i < revealers.length; i++) {
      shares[i] = revealedBy(revealers[i]).ofDropped().apply(member);
    }
    ReedSolomonDecoder.Recovered recovered = decode(shares, member);
    byte[] secret = recovered.secret();
    MaskKeys keys = MaskKeys.derive(evidence.suite(), evidence.ctx0(), secret);
    List<MaskKey> masks = new ArrayList<>();
    try {
      if (!keys.publicKey().equals(evidence.maskKeys()[member])) {
        throw new BadShareException(
            "the mask key of member " + member + " is not the one that it advertised");
      }
      for (int survivor : evidence.u3().toArray()) {
        PairMask mask = pairMask(member, keys, survivor);
        masks.add(new MaskKey(mask.key(), mask.isAddedBy(survivor)));
      }
      return new Rebuilt(masks, recovered.liars());
    } catch (BadShareException e) {
      masks.forEach(MaskKey::erase);
      throw e;
    } finally {
      keys.destroy();
      Arrays.fill(secret, (byte) 0);
    }
  }

  private PairMask pairMask(int dropped, MaskKeys keys, int survivor) {
    SessionPublicKey key = evidence.maskKeys()[survivor];
    try {
      if (dropped > survivor) {
        byte[] ciphertext = keySharesOf(survivor).boxFor(dropped).maskCiphertext();
        return schedule.pairMaskOfUpper(dropped, keys, survivor, key, ciphertext);
      }
      PairMask mask = schedule.pairMaskOfLower(dropped, keys, survivor, key);
      byte[] sent = keySharesOf(dropped).boxFor(survivor).maskCiphertext();
      if (!MessageDigest.isEqual(mask.ciphertext(), sent)) {
        mask.erase();
        throw new BadShareException(
            "member "
                + dropped
                + " sent member "
                + survivor
                + " another ciphertext than its secret gives");
      }
      return mask;
    } catch (BadKeyException e) {
      // Keys were checked before the roster froze.
      throw new BadShareException("the mask key of member " + survivor + " is none", e);
    }
  }

  private ReedSolomonDecoder.Recovered decode(byte[][] shares, int member) {
    Optional<ReedSolomonDecoder.Recovered> recovered = decoder.decode(shares);
    return recovered.orElseThrow(
        () ->
            new BadShareException(
                "more than "
                    + decoder.liarsMax()
                    + " of "
                    + revealers.length
                    + " shares of member "
                    + member
                    + " are wrong"));
  }

  private MaskEvidence.Revealed revealedBy(int member) {
    return Objects.requireNonNull(evidence.revealed().get(member));
  }

  private SignedKeyShares.Opened keySharesOf(int member) {
    SignedKeyShares.Opened shares = evidence.keyShares().get(member);
    if (shares == null) {
      throw new IllegalArgumentException("member " + member + " has not shared its keys");
    }
    return shares;
  }
}
