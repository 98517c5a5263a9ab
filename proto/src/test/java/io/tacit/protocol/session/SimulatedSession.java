package io.tacit.protocol.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.Suite;
import io.tacit.protocol.crypto.IdentityKeyCache;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.protocol.crypto.Transcript;
import io.tacit.protocol.masking.KeySchedule;
import io.tacit.protocol.masking.MaskKeys;
import io.tacit.protocol.masking.MaskStream;
import io.tacit.protocol.masking.MemberSet;
import io.tacit.protocol.masking.PairMask;
import io.tacit.protocol.masking.PeerShares;
import io.tacit.protocol.masking.ReedSolomonDecoder;
import io.tacit.protocol.masking.SessionKeyPair;
import io.tacit.protocol.masking.SessionTranscript;
import io.tacit.protocol.masking.ShamirSharing;
import io.tacit.protocol.masking.ShareChannel;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.IntFunction;
import org.jspecify.annotations.NullUnmarked;

/**
 * A whole session in one process, all that is said in its bytes: members and coordinator with
 * nothing but what the protocol module gives. Neither checks what the real ones check on the way;
 * what is asserted is that the honest parts fit together.
 */
@NullUnmarked // stages fill the fields, one after the other
final class SimulatedSession {

  static final ContentHash PLAN = ContentHash.of(new byte[] {1});
  static final ContentHash MODEL = ContentHash.of(new byte[] {2});
  static final long ROUND = 7;

  private static final SecureRandom RANDOM = new SecureRandom();

  final Suite suite;
  final SessionId id = SessionId.random(RANDOM);
  final byte[] ctx0;
  final IdentityKeyCache keys = new IdentityKeyCache(256);
  final List<Member> members = new ArrayList<>();
  final Map<Integer, SignedKeyShares.Opened> keyShares = new HashMap<>();
  final MaskStream stream = new MaskStream();

  Roster roster;
  Roster.Members opened;
  KeySchedule schedule;
  MemberSet u2;
  MemberSet u3;

  /** A device. */
  final class Member {

    final IdentityKeyPair identity = IdentityKeyPair.generate(RANDOM);
    final SessionKeyPair channelKeys = SessionKeyPair.generate(suite, RANDOM);
    final MaskKeys maskKeys = MaskKeys.generate(suite, ctx0, RANDOM);
    final byte[] selfSecret = new byte[32];
    final Map<Integer, ShareChannel> channels = new HashMap<>();
    final Map<Integer, PairMask> masks = new HashMap<>();
    final Map<Integer, byte[]> maskShares = new HashMap<>();
    final Map<Integer, byte[]> selfShares = new HashMap<>();
    int index;
    int[] update;

    SignedAdvertisement advertise(byte[] certificate) {
      RANDOM.nextBytes(selfSecret);
      return SignedAdvertisement.sign(
          ctx0, channelKeys.publicKey(), maskKeys.publicKey(), certificate, identity, RANDOM);
    }

    SignedKeyShares shareKeys() {
      int n = roster.size();
      int t = SessionTranscript.threshold(n);
      byte[] secret = maskKeys.secret();
      byte[][] ofMask = ShamirSharing.split(secret, n, t, RANDOM);
      byte[][] ofSelf = ShamirSharing.split(selfSecret, n, t, RANDOM);
      maskShares.put(index, ofMask[index - 1]);
      selfShares.put(index, ofSelf[index - 1]);
      List<ShareBox> boxes = new ArrayList<>();
      MemberSet.all(n)
          .minus(MemberSet.of(n, index))
          .forEach(
              peer -> {
                byte[] ciphertext = new byte[0];
                if (peer > index) {
                  PairMask mask =
                      schedule.pairMaskOfLower(
                          index, maskKeys, peer, opened.member(peer).maskKey());
                  masks.put(peer, mask);
                  ciphertext = mask.ciphertext();
                }
                ShareChannel channel =
                    schedule.shareChannel(
                        index, channelKeys, peer, opened.member(peer).channelKey());
                channels.put(peer, channel);
                boxes.add(
                    new ShareBox(
                        peer,
                        channel.seal(ofMask[peer - 1], ofSelf[peer - 1], ciphertext, RANDOM),
                        ciphertext));
              });
      return SignedKeyShares.sign(
          opened.ctx1(), boxes, schedule.selfCommitment(index, selfSecret), identity);
    }

    void read(Inbox inbox) {
      for (ShareBox box : inbox.boxes()) {
        PeerShares shares =
            channels.get(box.peer()).open(box.shares(), box.maskCiphertext()).orElseThrow();
        maskShares.put(box.peer(), shares.maskShare());
        selfShares.put(box.peer(), shares.selfShare());
        if (box.peer() < index) {
          masks.put(
              box.peer(),
              schedule.pairMaskOfUpper(
                  index,
                  maskKeys,
                  box.peer(),
                  opened.member(box.peer()).maskKey(),
                  box.maskCiphertext()));
        }
      }
    }

    int[] masked() {
      int[] lanes = update.clone();
      stream.add(schedule.selfMaskKey(index, selfSecret), lanes);
      u2.minus(MemberSet.of(u2.rosterSize(), index))
          .forEach(peer -> masks.get(peer).mask(index, stream, lanes));
      return lanes;
    }

    SignedRevealedShares reveal() {
      return SignedRevealedShares.sign(
          digest(), u2, u3, selfShares::get, maskShares::get, identity);
    }
  }

  /** Members with updates of so many lanes. */
  SimulatedSession(Suite suite, int size, int lanes, Random random) {
    this.suite = suite;
    this.ctx0 = Transcript.sessionContext(suite.number(), id, PLAN, MODEL, ROUND);
    for (int i = 0; i < size; i++) {
      Member member = new Member();
      member.update = random.ints(lanes).toArray();
      members.add(member);
    }
    members.sort(Comparator.comparing(member -> member.identity.publicKey().clientId()));
    List<SignedAdvertisement> advertisements = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      members.get(i).index = i + 1;
      SignedAdvertisement made = members.get(i).advertise(new byte[] {1, 2, 3});
      advertisements.add(SignedAdvertisement.fromRecord(made.toRecord()));
    }
    roster = Roster.fromBytes(Roster.of(advertisements, new byte[0]).toBytes());
    opened = (Roster.Members) roster.open(suite, ctx0, keys);
    schedule = new KeySchedule(suite, opened.ctx1());
  }

  Member member(int index) {
    return members.get(index - 1);
  }

  SignedKeyShares.Opened sharesOf(int index) {
    return Objects.requireNonNull(keyShares.get(index), "has not shared");
  }

  int threshold() {
    return SessionTranscript.threshold(roster.size());
  }

  Survivors survivors() {
    return new Survivors(u2, u3);
  }

  byte[] digest() {
    return survivors().digest(opened.ctx1());
  }

  /** Some share their keys, and get what the others have for them. */
  void share(MemberSet sharing) {
    u2 = sharing;
    sharing.forEach(
        index -> {
          SignedKeyShares sent = SignedKeyShares.fromRecord(member(index).shareKeys().toRecord());
          keyShares.put(
              index,
              sent.open(
                      suite,
                      opened.ctx1(),
                      roster.size(),
                      index,
                      opened.member(index).identityKey())
                  .orElseThrow());
        });
    sharing.forEach(
        index ->
            member(index)
                .read(Inbox.fromBytes(suite, roster.size(), index, inboxOf(index).toBytes())));
  }

  Inbox inboxOf(int receiver) {
    List<ShareBox> boxes = new ArrayList<>();
    u2.minus(MemberSet.of(roster.size(), receiver))
        .forEach(
            sender -> {
              ShareBox box = sharesOf(sender).boxFor(receiver);
              boxes.add(new ShareBox(sender, box.shares(), box.maskCiphertext()));
            });
    return new Inbox(u2, boxes);
  }

  /** Some of those send their updates. */
  int[] sumOfMasked(MemberSet surviving) {
    u3 = surviving;
    int[] sum = new int[members.get(0).update.length];
    surviving.forEach(index -> add(sum, member(index).masked()));
    return sum;
  }

  /** What the sum of their updates is. */
  int[] sumOfUpdates() {
    int[] sum = new int[members.get(0).update.length];
    u3.forEach(index -> add(sum, member(index).update));
    return sum;
  }

  private static void add(int[] sum, int[] lanes) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += lanes[i];
    }
  }

  SignatureSet signatures() {
    List<IndexedSignature> signatures = new ArrayList<>();
    u3.forEach(
        index -> {
          SurvivorSignature signature = SurvivorSignature.sign(digest(), member(index).identity);
          assertThat(signature.verify(digest(), opened.member(index).identityKey())).isTrue();
          signatures.add(signature.indexed(index));
        });
    return new SignatureSet(signatures);
  }

  /** What the coordinator does with the shares that some of the survivors reveal. */
  void unmask(int[] sum, MemberSet revealing) {
    Map<Integer, SignedRevealedShares.Opened> revealed = new HashMap<>();
    revealing.forEach(
        index ->
            revealed.put(
                index,
                SignedRevealedShares.fromRecord(member(index).reveal().toRecord())
                    .open(digest(), u2, u3, opened.member(index).identityKey())
                    .orElseThrow()));
    ReedSolomonDecoder decoder = new ReedSolomonDecoder(revealing.toArray(), threshold());
    u3.forEach(
        of -> {
          byte[] self = decode(decoder, revealing, index -> revealed.get(index).selfShareOf(of));
          assertThat(schedule.selfCommitment(of, self)).isEqualTo(sharesOf(of).selfCommitment());
          stream.subtract(schedule.selfMaskKey(of, self), sum);
        });
    u2.minus(u3)
        .forEach(
            of -> {
              byte[] secret =
                  decode(decoder, revealing, index -> revealed.get(index).maskShareOf(of));
              MaskKeys rebuilt = MaskKeys.derive(suite, ctx0, secret);
              assertThat(rebuilt.publicKey()).isEqualTo(opened.member(of).maskKey());
              u3.forEach(survivor -> unmaskPair(sum, of, rebuilt, survivor));
            });
  }

  private void unmaskPair(int[] sum, int dropped, MaskKeys rebuilt, int survivor) {
    PairMask mask;
    if (dropped < survivor) {
      mask =
          schedule.pairMaskOfLower(dropped, rebuilt, survivor, opened.member(survivor).maskKey());
      assertThat(mask.ciphertext()).isEqualTo(sharesOf(dropped).boxFor(survivor).maskCiphertext());
    } else {
      mask =
          schedule.pairMaskOfUpper(
              dropped,
              rebuilt,
              survivor,
              opened.member(survivor).maskKey(),
              sharesOf(survivor).boxFor(dropped).maskCiphertext());
    }
    // As the dropped one would have: that and the survivor's own cancel.
    mask.mask(dropped, stream, sum);
  }

  private static byte[] decode(
      ReedSolomonDecoder decoder, MemberSet revealing, IntFunction<byte[]> shareOf) {
    int[] members = revealing.toArray();
    byte[][] shares = new byte[members.length][];
    for (int i = 0; i < members.length; i++) {
      shares[i] = shareOf.apply(members[i]);
    }
    ReedSolomonDecoder.Recovered recovered = decoder.decode(shares).orElseThrow();
    assertThat(recovered.liars().size()).isZero();
    return recovered.secret();
  }
}
