package io.tacit.protocol.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.ByteString;
import io.tacit.protocol.Suite;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.protocol.masking.MemberSet;
import io.tacit.testing.Fuzz;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One session of ten, of which one does not share and one of the others sends no update. */
class MessagesTest {

  private static final int SIZE = 10;
  private static final SimulatedSession SESSION = session();

  private static SimulatedSession session() {
    SimulatedSession session = new SimulatedSession(Suite.HYBRID, SIZE, 4, new Random(1));
    session.share(MemberSet.all(SIZE).minus(MemberSet.of(SIZE, 4)));
    session.sumOfMasked(session.u2.minus(MemberSet.of(SIZE, 9)));
    return session;
  }

  // ---- roster ----

  @Test
  void a_roster_names_the_entry_that_is_not_as_it_must_be() {
    List<SignedAdvertisement> entries = new ArrayList<>(entries());
    byte[] otherSession = SESSION.ctx0.clone();
    otherSession[0]++;
    assertThat(SESSION.roster.open(Suite.HYBRID, otherSession, SESSION.keys))
        .isEqualTo(
            new Roster.BadEntry(1, "was not signed for this session, or is not of its form"));

    Collections.swap(entries, 4, 5);
    assertThat(open(entries))
        .isEqualTo(
            new Roster.BadEntry(6, "is not above the one before it in the order of client ids"));

    entries = new ArrayList<>(entries());
    entries.add(3, entries.get(2));
    assertThat(open(entries))
        .isEqualTo(
            new Roster.BadEntry(4, "is not above the one before it in the order of client ids"));
  }

  @Test
  void a_roster_has_no_session_key_twice_not_even_half_of_one() {
    List<SignedAdvertisement> entries = new ArrayList<>(entries());
    SimulatedSession.Member thief = SESSION.member(7);
    entries.set(
        6,
        SignedAdvertisement.sign(
            SESSION.ctx0,
            SESSION.member(2).channelKeys.publicKey(),
            thief.maskKeys.publicKey(),
            new byte[0],
            thief.identity,
            new SecureRandom()));

    assertThat(open(entries))
        .isEqualTo(new Roster.BadEntry(7, "has a session key that is on the roster already"));
  }

  @Test
  void a_roster_has_the_same_bytes_each_time_and_every_entry_counts_in_its_context() {
    byte[] bytes = SESSION.roster.toBytes();
    assertThat(Roster.fromBytes(bytes).toBytes()).isEqualTo(bytes);
    assertThat(SESSION.roster.threshold()).isEqualTo(7);
    assertThat(SESSION.roster.revocationList()).isEmpty();
    assertThat(Roster.of(entries(), new byte[] {5}).revocationList().orElseThrow())
        .containsExactly(5);

    byte[] context = SESSION.roster.context(SESSION.ctx0);
    assertThat(context).isEqualTo(SESSION.opened.ctx1());
    assertThat(Roster.of(entries().subList(0, 9), new byte[0]).context(SESSION.ctx0))
        .isNotEqualTo(context);
    List<SignedAdvertisement> entries = new ArrayList<>(entries());
    byte[] signature = entries.get(9).signature();
    signature[0]++;
    entries.set(9, SignedAdvertisement.of(entries.get(9).body(), signature));
    assertThat(Roster.of(entries, new byte[0]).context(SESSION.ctx0)).isNotEqualTo(context);
  }

  @Test
  void the_largest_roster_and_inbox_fit_their_limits() {
    byte[] body = new byte[WireLimits.ADVERTISEMENT_BYTES_MAX];
    SignedAdvertisement entry = SignedAdvertisement.of(body, new byte[64]);
    Roster largest =
        Roster.of(Collections.nCopies(128, entry), new byte[WireLimits.REVOCATION_LIST_BYTES_MAX]);

    assertThat(Roster.fromBytes(largest.toBytes()).size()).isEqualTo(128);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Roster.of(Collections.nCopies(129, entry), new byte[0]))
        .withMessage("advertisements is 129, must be 1 to 128");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Roster.fromBytes(new byte[WireLimits.ANSWER_BYTES_MAX + 1]))
        .withMessage(
            "roster has "
                + (WireLimits.ANSWER_BYTES_MAX + 1)
                + " bytes, must have at most "
                + WireLimits.ANSWER_BYTES_MAX);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Roster.fromBytes(new byte[0]))
        .withMessage("advertisements is 0, must be 1 to 128");

    // The longest key shares: those of the first of 128.
    ShareBox box = SESSION.sharesOf(1).boxFor(2);
    SignedKeyShares shares =
        SignedKeyShares.sign(
            new byte[32], Collections.nCopies(127, box), new byte[32], SESSION.member(1).identity);
    assertThat(SignedKeyShares.of(shares.body(), shares.signature()).body())
        .hasSizeLessThan(WireLimits.SIGNED_BODY_BYTES_MAX);
  }

  // ---- what members sign ----

  @Test
  void key_shares_are_for_one_roster_and_one_sender() {
    SignedKeyShares sent = resigned(SESSION.sharesOf(3), 3);
    IdentityKeyPair signer = SESSION.member(3).identity;
    byte[] ctx1 = SESSION.opened.ctx1();
    byte[] other = ctx1.clone();
    other[0]++;

    assertThat(sent.open(Suite.HYBRID, ctx1, SIZE, 3, signer.publicKey())).isPresent();
    assertThat(sent.open(Suite.HYBRID, other, SIZE, 3, signer.publicKey())).isEmpty();
    assertThat(sent.open(Suite.HYBRID, ctx1, SIZE + 1, 3, signer.publicKey())).isEmpty();
    assertThat(sent.open(Suite.HYBRID, ctx1, SIZE, 4, signer.publicKey())).isEmpty();
    assertThat(sent.open(Suite.CLASSIC, ctx1, SIZE, 3, signer.publicKey())).isEmpty();
    assertThat(sent.open(Suite.HYBRID, ctx1, SIZE, 3, SESSION.member(2).identity.publicKey()))
        .isEmpty();
  }

  @Test
  void key_shares_have_one_box_for_each_other_member_in_order() {
    List<ShareBox> boxes = SESSION.sharesOf(3).boxes();
    List<ShareBox> swapped = new ArrayList<>(boxes);
    Collections.swap(swapped, 0, 1);
    List<ShareBox> twice = new ArrayList<>(boxes);
    twice.set(1, twice.get(0));

    assertThat(openBoxes(boxes)).isTrue();
    assertThat(openBoxes(swapped)).isFalse();
    assertThat(openBoxes(twice)).isFalse();
    assertThat(openBoxes(boxes.subList(1, boxes.size()))).isFalse();
    ShareBox last = boxes.get(8);
    List<ShareBox> lacking = new ArrayList<>(boxes);
    lacking.set(8, new ShareBox(last.peer(), last.shares(), new byte[0]));
    assertThat(openBoxes(lacking)).as("no mask ciphertext upward").isFalse();
    List<ShareBox> surplus = new ArrayList<>(boxes);
    surplus.set(0, new ShareBox(1, boxes.get(0).shares(), last.maskCiphertext()));
    assertThat(openBoxes(surplus)).as("a mask ciphertext downward").isFalse();
  }

  private boolean openBoxes(List<ShareBox> boxes) {
    return SignedKeyShares.sign(
            SESSION.opened.ctx1(), boxes, new byte[32], SESSION.member(3).identity)
        .open(Suite.HYBRID, SESSION.opened.ctx1(), SIZE, 3, SESSION.member(3).identity.publicKey())
        .isPresent();
  }

  @Test
  void revealed_shares_are_exactly_one_of_each_that_shared() {
    IdentityKeyPair signer = SESSION.member(1).identity;
    SignedRevealedShares sent = SESSION.member(1).reveal();
    SignedRevealedShares.Opened opened =
        sent.open(SESSION.digest(), SESSION.u2, SESSION.u3, signer.publicKey()).orElseThrow();

    assertThat(opened.maskShareOf(9)).isEqualTo(SESSION.member(1).maskShares.get(9));
    assertThat(opened.selfShareOf(9)).isEmpty();
    assertThat(opened.selfShareOf(2)).isEqualTo(SESSION.member(1).selfShares.get(2));
    assertThat(opened.maskShareOf(2)).isEmpty();
    assertThat(opened.maskShareOf(4)).isEmpty();
    assertThat(opened).hasToString("Opened[]");

    MemberSet others = SESSION.u3.minus(MemberSet.of(SIZE, 2));
    assertThat(sent.open(SESSION.digest(), SESSION.u2, others, signer.publicKey())).isEmpty();
    assertThat(sent.open(SESSION.digest(), SESSION.u2, SESSION.u2, signer.publicKey())).isEmpty();
    assertThat(sent.open(new byte[32], SESSION.u2, SESSION.u3, signer.publicKey())).isEmpty();
    assertThat(
            sent.open(
                SESSION.digest(), SESSION.u2, SESSION.u3, SESSION.member(2).identity.publicKey()))
        .isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                SignedRevealedShares.sign(
                    SESSION.digest(),
                    SESSION.u3,
                    SESSION.u2,
                    of -> new byte[32],
                    of -> new byte[32],
                    signer))
        .withMessageStartingWith("survivors are {1, 2, 3, 5, 6, 7, 8, 9, 10} of 10, must be");
  }

  @Test
  void signatures_count_once_from_survivors_for_their_digest() {
    SignatureSet set = SignatureSet.fromBytes(SIZE, SESSION.signatures().toBytes());

    assertThat(signers(set, SESSION.digest())).isEqualTo(SESSION.u3);
    assertThat(signers(set, new byte[32]).size()).isZero();
    assertThat(signers(set, SESSION.digest(), 3)).isEqualTo(MemberSet.of(SIZE, 1, 2, 3));
    SurvivorSignature outsider =
        SurvivorSignature.sign(SESSION.digest(), SESSION.member(9).identity);
    assertThat(signers(new SignatureSet(List.of(outsider.indexed(9))), SESSION.digest()).size())
        .isZero();
    assertThat(signers(new SignatureSet(List.of(outsider.indexed(1))), SESSION.digest()).size())
        .isZero();
    List<IndexedSignature> twice = new ArrayList<>(set.signatures());
    twice.set(1, twice.get(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SignatureSet.fromBytes(SIZE, new SignatureSet(twice).toBytes()))
        .withMessage("signatures.index is 1 after 1, must be in ascending order, each once");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SignatureSet.fromBytes(9, set.toBytes()))
        .withMessage("signatures.index is 10, must be 1 to 9");
  }

  private static MemberSet signers(SignatureSet set, byte[] digest) {
    return signers(set, digest, SESSION.u3.size());
  }

  private static MemberSet signers(SignatureSet set, byte[] digest, int enough) {
    return set.signers(
        digest, SESSION.u3, index -> SESSION.opened.member(index).identityKey(), enough);
  }

  @Test
  void a_survivors_signature_covers_the_digest_alone() {
    SurvivorSignature signature =
        SurvivorSignature.sign(SESSION.digest(), SESSION.member(1).identity);
    SurvivorSignature read = SurvivorSignature.fromRecord(signature.toRecord());

    assertThat(read.verify(SESSION.digest(), SESSION.member(1).identity.publicKey())).isTrue();
    assertThat(read.verify(new byte[32], SESSION.member(1).identity.publicKey())).isFalse();
    assertThat(read.verify(SESSION.digest(), SESSION.member(2).identity.publicKey())).isFalse();
    assertThat(
            SurvivorSignature.of(new byte[0], signature.signature())
                .verify(SESSION.digest(), SESSION.member(1).identity.publicKey()))
        .isFalse();
  }

  // ---- what is published ----

  @Test
  void an_inbox_has_one_box_from_each_other_one_that_shared() {
    byte[] bytes = SESSION.inboxOf(1).toBytes();
    assertThat(Inbox.fromBytes(Suite.HYBRID, SIZE, 1, bytes).toBytes()).isEqualTo(bytes);
    assertThat(Inbox.fromBytes(Suite.HYBRID, SIZE, 1, bytes).u2()).isEqualTo(SESSION.u2);

    List<ShareBox> boxes = SESSION.inboxOf(1).boxes();
    Inbox lacking = new Inbox(SESSION.u2, boxes.subList(0, 7));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Inbox.fromBytes(Suite.HYBRID, SIZE, 1, lacking.toBytes()))
        .withMessage("boxes is 7, must be 8 to 8");
    List<ShareBox> swapped = new ArrayList<>(boxes);
    Collections.swap(swapped, 0, 1);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Inbox.fromBytes(Suite.HYBRID, SIZE, 1, new Inbox(SESSION.u2, swapped).toBytes()))
        .withMessage("boxes.from is 3, must be 2 to 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Inbox.fromBytes(Suite.CLASSIC, SIZE, 1, bytes))
        .withMessage("boxes.channel_ciphertext has 1088 bytes, must have exactly 0");
  }

  @Test
  void bitmaps_of_survivors_have_exactly_their_length_and_no_stray_bit() {
    Survivors survivors = SESSION.survivors();
    assertThat(Survivors.fromBytes(SIZE, survivors.toBytes())).isEqualTo(survivors);

    byte[] stray =
        io.tacit.protocol.v1.Survivors.newBuilder()
            .setU2(ByteString.copyFrom(new byte[] {1, 4}))
            .setU3(ByteString.copyFrom(new byte[] {1, 0}))
            .build()
            .toByteArray();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Survivors.fromBytes(SIZE, stray))
        .withMessage("bitmap names members above 10, unused bits must be 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Survivors.fromBytes(SIZE, new byte[0]))
        .withMessage("bitmap has 0 bytes, must have exactly 2 for 10 members");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Survivors.fromBytes(SIZE, new byte[257]))
        .withMessage("survivors has 257 bytes, must have at most 256");
  }

  // ---- damaged bytes ----

  @Test
  @Tag(Fuzz.TAG)
  void publications_refuse_damaged_bytes_as_documented() {
    Fuzz.of(SESSION.roster.toBytes(), Roster.of(entries().subList(0, 2), new byte[9]).toBytes())
        .refusedWith(IllegalArgumentException.class)
        .feed(Roster::fromBytes);
    Fuzz.of(SESSION.inboxOf(1).toBytes(), SESSION.inboxOf(10).toBytes())
        .refusedWith(IllegalArgumentException.class)
        .feed(
            input -> {
              int own = input.length > 0 && (input[0] & 1) == 0 ? 1 : 10;
              try {
                Inbox.fromBytes(Suite.HYBRID, SIZE, own, input);
              } catch (IllegalArgumentException e) {
                Inbox.fromBytes(Suite.HYBRID, SIZE, 11 - own, input);
              }
            });
    Fuzz.of(SESSION.survivors().toBytes())
        .refusedWith(IllegalArgumentException.class)
        .feed(input -> Survivors.fromBytes(SIZE, input));
    Fuzz.of(SESSION.signatures().toBytes())
        .refusedWith(IllegalArgumentException.class)
        .feed(input -> SignatureSet.fromBytes(SIZE, input));
  }

  /**
   * Whose signature is what they hold; it is theirs for the bytes that were signed and no other.
   */
  @Test
  @Tag(Fuzz.TAG)
  void no_damaged_message_of_a_member_opens() {
    IdentityKeyPair signer = SESSION.member(3).identity;
    SignedKeyShares shares = resigned(SESSION.sharesOf(3), 3);
    byte[] sharesBody = shares.body();
    Fuzz.of(sharesBody)
        .feed(
            input ->
                assertThat(
                        SignedKeyShares.of(input, shares.signature())
                            .open(Suite.HYBRID, SESSION.opened.ctx1(), SIZE, 3, signer.publicKey())
                            .isPresent())
                    .isEqualTo(Arrays.equals(input, sharesBody)));
    SignedRevealedShares revealed = SESSION.member(3).reveal();
    byte[] revealedBody = revealed.body();
    Fuzz.of(revealedBody)
        .feed(
            input ->
                assertThat(
                        SignedRevealedShares.of(input, revealed.signature())
                            .open(SESSION.digest(), SESSION.u2, SESSION.u3, signer.publicKey())
                            .isPresent())
                    .isEqualTo(Arrays.equals(input, revealedBody)));
  }

  private static List<SignedAdvertisement> entries() {
    List<SignedAdvertisement> entries = new ArrayList<>();
    for (int index = 1; index <= SIZE; index++) {
      entries.add(SESSION.roster.advertisement(index));
    }
    return entries;
  }

  private static Roster.Opened open(List<SignedAdvertisement> entries) {
    return Roster.of(entries, new byte[0]).open(Suite.HYBRID, SESSION.ctx0, SESSION.keys);
  }

  private static SignedKeyShares resigned(SignedKeyShares.Opened shares, int member) {
    return SignedKeyShares.sign(
        SESSION.opened.ctx1(),
        shares.boxes(),
        shares.selfCommitment(),
        SESSION.member(member).identity);
  }
}
