package io.tacit.coordinator.sessions;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.protocol.Suite;
import io.tacit.protocol.masking.KeySchedule;
import io.tacit.protocol.masking.MaskKeys;
import io.tacit.protocol.masking.MaskStream;
import io.tacit.protocol.masking.MemberSet;
import io.tacit.protocol.masking.PairMask;
import io.tacit.protocol.masking.SealedShares;
import io.tacit.protocol.masking.SessionPublicKey;
import io.tacit.protocol.masking.SessionTranscript;
import io.tacit.protocol.masking.ShamirSharing;
import io.tacit.protocol.session.ShareBox;
import io.tacit.protocol.session.SignedKeyShares;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sums of many tiles, whose masks are made by what devices mask with. */
class UnmaskerTest {

  private static final int MEMBERS = 12;
  private static final int THRESHOLD = SessionTranscript.threshold(MEMBERS);

  private final SecureRandom random = new SecureRandom();
  private final MaskPool pool = new MaskPool(3);
  private final Unmasker unmasker = new Unmasker(pool);
  private final byte[] ctx0 = new byte[32];
  private final byte[] ctx1 = new byte[32];
  private final MaskKeys[] keys = new MaskKeys[MEMBERS + 1];
  private final SessionPublicKey[] publicKeys = new SessionPublicKey[MEMBERS + 1];
  private final byte[][] selfSecrets = new byte[MEMBERS + 1][32];
  private final byte[][][] maskShares = new byte[MEMBERS + 1][][];
  private final byte[][][] selfShares = new byte[MEMBERS + 1][][];

  @AfterEach
  void close() {
    pool.close();
  }

  private void share(Suite suite) {
    for (int member = 1; member <= MEMBERS; member++) {
      keys[member] = MaskKeys.generate(suite, ctx0, random);
      publicKeys[member] = keys[member].publicKey();
      random.nextBytes(selfSecrets[member]);
      maskShares[member] = ShamirSharing.split(keys[member].secret(), MEMBERS, THRESHOLD, random);
      selfShares[member] = ShamirSharing.split(selfSecrets[member], MEMBERS, THRESHOLD, random);
    }
  }

  private PairMask pairMask(Suite suite, int lower, int upper) {
    return new KeySchedule(suite, ctx1)
        .pairMaskOfLower(lower, keys[lower], upper, publicKeys[upper]);
  }

  private MaskEvidence evidence(Suite suite, MemberSet u2, MemberSet u3, int revealers) {
    KeySchedule schedule = new KeySchedule(suite, ctx1);
    SealedShares sealed =
        new SealedShares(
            new byte[SessionPublicKey.ciphertextLength(suite)],
            new byte[SealedShares.SEALED_LENGTH]);
    Map<Integer, SignedKeyShares.Opened> shares = new HashMap<>();
    for (int member : u2.toArray()) {
      List<ShareBox> boxes = new ArrayList<>();
      for (int peer = 1; peer <= MEMBERS; peer++) {
        if (peer != member) {
          byte[] ciphertext =
              member < peer ? pairMask(suite, member, peer).ciphertext() : new byte[0];
          boxes.add(new ShareBox(peer, sealed, ciphertext));
        }
      }
      shares.put(
          member,
          new SignedKeyShares.Opened(boxes, schedule.selfCommitment(member, selfSecrets[member])));
    }
    Map<Integer, MaskEvidence.Revealed> revealed = new HashMap<>();
    for (int survivor : u3.toArray()) {
      if (revealed.size() < revealers) {
        revealed.put(
            survivor,
            new MaskEvidence.Revealed(
                of -> selfShares[of][survivor - 1], of -> maskShares[of][survivor - 1]));
      }
    }
    return new MaskEvidence(suite, ctx0, ctx1, THRESHOLD, u2, u3, publicKeys, shares, revealed);
  }

  /** The sum of the survivors' updates, masked as devices do it, and not. */
  private int[][] sums(Suite suite, MemberSet u2, MemberSet u3, int lanes) {
    int[] masked = new int[lanes];
    int[] plain = new int[lanes];
    MaskStream stream = new MaskStream();
    Random updates = new Random(lanes);
    for (int member : u3.toArray()) {
      int[] update = updates.ints(lanes).toArray();
      add(plain, update);
      stream.add(new KeySchedule(suite, ctx1).selfMaskKey(member, selfSecrets[member]), update);
      for (int peer : u2.toArray()) {
        if (peer != member) {
          pairMask(suite, Math.min(member, peer), Math.max(member, peer))
              .mask(member, stream, update);
        }
      }
      add(masked, update);
    }
    return new int[][] {masked, plain};
  }

  private static void add(int[] sum, int[] update) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += update[i];
    }
  }

  private static MemberSet allBut(int... members) {
    return MemberSet.all(MEMBERS).minus(MemberSet.of(MEMBERS, members));
  }

  @ParameterizedTest(name = "{0}, {1} lanes")
  @CsvSource({
    "CLASSIC, 17",
    "CLASSIC, 65536",
    "CLASSIC, 65537",
    "CLASSIC, 200003",
    "HYBRID, 65543"
  })
  void the_sum_is_exact_over_all_tiles_with_dropouts_before_and_after_sharing(
      Suite suite, int lanes) {
    share(suite);
    // 3 never shared; 1 and 12 dropped out after it: as lower and as upper member of their pairs.
    MemberSet u2 = allBut(3);
    MemberSet u3 = allBut(1, 3, 12);
    int[][] sums = sums(suite, u2, u3, lanes);

    assertThat(unmasker.unmask(evidence(suite, u2, u3, THRESHOLD), sums[0])).isEmpty();

    assertThat(sums[0]).isEqualTo(sums[1]);
  }

  @Test
  void who_reveals_wrong_shares_is_named_and_the_sum_is_exact() {
    share(Suite.CLASSIC);
    MemberSet u3 = allBut(5);
    int[][] sums = sums(Suite.CLASSIC, MemberSet.all(MEMBERS), u3, 40);
    MaskEvidence evidence = evidence(Suite.CLASSIC, MemberSet.all(MEMBERS), u3, MEMBERS);
    maskShares[5][7 - 1][31] ^= 1;

    assertThat(unmasker.unmask(evidence, sums[0])).containsExactly(7);

    assertThat(sums[0]).isEqualTo(sums[1]);
  }

  @Test
  void a_key_that_was_not_advertised_and_a_ciphertext_that_was_not_sent_are_found_out() {
    share(Suite.HYBRID);
    MemberSet u3 = allBut(5);
    MaskEvidence evidence = evidence(Suite.HYBRID, MemberSet.all(MEMBERS), u3, MEMBERS);
    SessionPublicKey advertised = publicKeys[5];
    publicKeys[5] = publicKeys[6];
    assertThatThrownBy(() -> unmasker.unmask(evidence, new int[20]))
        .isInstanceOf(BadShareException.class)
        .hasMessage("the mask key of member 5 is not the one that it advertised");
    publicKeys[5] = advertised;

    Map<Integer, SignedKeyShares.Opened> shares = new HashMap<>(evidence.keyShares());
    shares.put(5, withoutCiphertexts(requireNonNull(shares.get(5))));
    MaskEvidence altered =
        new MaskEvidence(
            Suite.HYBRID,
            ctx0,
            ctx1,
            THRESHOLD,
            evidence.u2(),
            u3,
            publicKeys,
            shares,
            evidence.revealed());
    assertThatThrownBy(() -> unmasker.unmask(altered, new int[20]))
        .isInstanceOf(BadShareException.class)
        .hasMessageStartingWith("member 5 sent member ")
        .hasMessageEndingWith(" another ciphertext than its secret gives");
  }

  private static SignedKeyShares.Opened withoutCiphertexts(SignedKeyShares.Opened shares) {
    List<ShareBox> boxes =
        shares.boxes().stream()
            .map(
                box ->
                    new ShareBox(box.peer(), box.shares(), new byte[box.maskCiphertext().length]))
            .toList();
    return new SignedKeyShares.Opened(boxes, shares.selfCommitment());
  }

  @Test
  void keys_are_erased_and_never_shown() {
    MaskKey key = new MaskKey(new byte[] {1, 2, 3}, true);

    assertThat(key).hasToString("MaskKey[3 bytes]");
    key.erase();
    assertThat(key.key()).containsOnly(0);
    assertThat(new MaskEvidence.Revealed(of -> new byte[0], of -> new byte[0]))
        .hasToString("Revealed[]");
    share(Suite.CLASSIC);
    assertThat(evidence(Suite.CLASSIC, allBut(), allBut(2), MEMBERS).toString())
        .startsWith("MaskEvidence[CLASSIC, u2 {1, ")
        .doesNotContain("[B@");
  }
}
