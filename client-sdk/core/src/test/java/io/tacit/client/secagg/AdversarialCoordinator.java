package io.tacit.client.secagg;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.RoundId;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.Suite;
import io.tacit.protocol.crypto.IdentityCertificate;
import io.tacit.protocol.crypto.IdentityKeyCache;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.protocol.encoding.EncodedUpdate;
import io.tacit.protocol.encoding.FixedPointCodec;
import io.tacit.protocol.masking.KeySchedule;
import io.tacit.protocol.masking.MaskKeys;
import io.tacit.protocol.masking.MaskStream;
import io.tacit.protocol.masking.MemberSet;
import io.tacit.protocol.masking.PairMask;
import io.tacit.protocol.masking.SessionTranscript;
import io.tacit.protocol.masking.ShamirSharing;
import io.tacit.protocol.masking.SurvivorFloor;
import io.tacit.protocol.session.Inbox;
import io.tacit.protocol.session.IndexedSignature;
import io.tacit.protocol.session.Roster;
import io.tacit.protocol.session.ShareBox;
import io.tacit.protocol.session.SignatureSet;
import io.tacit.protocol.session.SignedAdvertisement;
import io.tacit.protocol.session.SignedKeyShares;
import io.tacit.protocol.session.SignedRevealedShares;
import io.tacit.protocol.session.SurvivorSignature;
import io.tacit.protocol.session.Survivors;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A coordinator inside the test, with real devices: it runs a session honestly, stage by stage, as
 * far as a test wants, and hands out whatever a test makes up instead. It keeps every byte that the
 * devices send, and can do what an honest one does with them at the end.
 */
final class AdversarialCoordinator {

  static final ContentHash PLAN = ContentHash.of(new byte[] {1});
  static final ContentHash MODEL = ContentHash.of(new byte[] {2});
  static final int PARAMETERS = 21;

  private static final FixedPointCodec CODEC = FixedPointCodec.forCohort(1, 128);
  private static final SecureRandom RANDOM = new SecureRandom();

  /** A device, and what it has sent. */
  static final class Device {

    final IdentityKeyPair identity;
    final MaskingSession session;
    final EncodedUpdate update = encoded();
    final int[] plain = lanes(update.toBytes());

    /** Every byte that has left it. */
    final ByteArrayOutputStream wire = new ByteArrayOutputStream();

    @Nullable SignedKeyShares shares;
    byte @Nullable [] masked;
    @Nullable SurvivorSignature signature;
    @Nullable SignedRevealedShares revealed;

    private Device(
        SessionTerms terms,
        IdentityKeyPair identity,
        @Nullable IdentityCertificate certificate,
        RosterTrust trust) {
      this.identity = identity;
      this.session = MaskingSession.open(terms, identity, certificate, trust, RANDOM);
      wire.writeBytes(session.advertisement().toRecord());
    }

    Step<SignedKeyShares> roster(Roster roster) {
      Step<SignedKeyShares> step = session.acceptRoster(roster.toBytes());
      if (step instanceof Step.Send<SignedKeyShares> send) {
        shares = send.message();
        wire.writeBytes(send.message().toRecord());
      }
      return step;
    }

    Step<byte[]> inbox(Inbox inbox) {
      Step<byte[]> step = session.acceptInbox(inbox.toBytes(), update);
      if (step instanceof Step.Send<byte[]> send) {
        masked = send.message();
        wire.writeBytes(send.message());
      }
      return step;
    }

    Step<SurvivorSignature> survivors(Survivors survivors) {
      Step<SurvivorSignature> step = session.acceptSurvivors(survivors.toBytes());
      if (step instanceof Step.Send<SurvivorSignature> send) {
        signature = send.message();
        wire.writeBytes(send.message().toRecord());
      }
      return step;
    }

    Step<SignedRevealedShares> signatures(SignatureSet signatures) {
      Step<SignedRevealedShares> step = session.acceptSignatures(signatures.toBytes());
      if (step instanceof Step.Send<SignedRevealedShares> send) {
        revealed = send.message();
        wire.writeBytes(send.message().toRecord());
      }
      return step;
    }
  }

  final SessionTerms terms;

  /** In the order of their index: the n-th has index n, from 1. */
  final List<Device> devices = new ArrayList<>();

  private final Map<Integer, SignedKeyShares.Opened> opened = new HashMap<>();
  private Roster.@Nullable Members members;

  AdversarialCoordinator(Suite suite, int size) {
    this(terms(suite, 0), size, identity -> null, RosterTrust.inKeysAlone());
  }

  /** Devices whose plan says how many must be in the sum. */
  AdversarialCoordinator(Suite suite, int size, SurvivorFloor survivors) {
    this(terms(suite, 0, survivors), size, identity -> null, RosterTrust.inKeysAlone());
  }

  AdversarialCoordinator(
      SessionTerms terms,
      int size,
      Function<IdentityKeyPair, @Nullable IdentityCertificate> certificates,
      RosterTrust trust) {
    this.terms = terms;
    for (int i = 0; i < size; i++) {
      IdentityKeyPair identity = IdentityKeyPair.generate(RANDOM);
      devices.add(new Device(terms, identity, certificates.apply(identity), trust));
    }
    devices.sort(Comparator.comparing(device -> device.identity.publicKey().clientId()));
  }

  /** Terms of a session of its own, with no more than the floor asked for. */
  static SessionTerms terms(Suite suite, int minimum) {
    return terms(suite, minimum, SurvivorFloor.THRESHOLD);
  }

  /** Those of a plan that says how many must be in the sum. */
  static SessionTerms terms(Suite suite, int minimum, SurvivorFloor survivors) {
    byte[] session = new byte[SessionId.LENGTH];
    RANDOM.nextBytes(session);
    return new SessionTerms(
        SessionId.fromBytes(session), suite, round(1), PLAN, MODEL, minimum, 128, survivors);
  }

  static RoundId round(long number) {
    return new RoundId(new PlanId("news"), number);
  }

  static EncodedUpdate encoded() {
    float[] update = new float[PARAMETERS];
    for (int i = 0; i < update.length; i++) {
      update[i] = (RANDOM.nextFloat() - 0.5f) / PARAMETERS;
    }
    int[] lanes = new int[16 + PARAMETERS];
    CODEC.encodeTo(lanes, update, 1, 10, 0.5, RANDOM::nextDouble);
    return EncodedUpdate.owning(lanes);
  }

  static int[] lanes(byte[] bytes) {
    int[] lanes = new int[bytes.length / Integer.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(lanes);
    return lanes;
  }

  /** What a device must have sent by now. */
  static <T> T sent(@Nullable T message) {
    return Objects.requireNonNull(message, "the device has not sent it");
  }

  Device device(int index) {
    return devices.get(index - 1);
  }

  int size() {
    return devices.size();
  }

  int threshold() {
    return SessionTranscript.threshold(size());
  }

  MemberSet all() {
    return MemberSet.all(size());
  }

  MemberSet allBut(int... members) {
    return all().minus(MemberSet.of(size(), members));
  }

  // ---- what an honest coordinator publishes ----

  List<SignedAdvertisement> advertisements() {
    List<SignedAdvertisement> advertisements = new ArrayList<>();
    devices.forEach(device -> advertisements.add(device.session.advertisement()));
    return advertisements;
  }

  Roster roster() {
    return Roster.of(advertisements(), new byte[0]);
  }

  private Roster.Members members() {
    Roster.Members known = members;
    if (known == null) {
      known =
          (Roster.Members)
              roster().open(terms.suite(), terms.context(), new IdentityKeyCache(size()));
      members = known;
    }
    return known;
  }

  byte[] ctx1() {
    return members().ctx1();
  }

  SignedKeyShares.Opened sharesOf(int member) {
    return opened.computeIfAbsent(
        member,
        index ->
            sent(device(index).shares)
                .open(terms.suite(), ctx1(), size(), index, device(index).identity.publicKey())
                .orElseThrow());
  }

  Inbox inbox(int to, MemberSet u2) {
    List<ShareBox> boxes = new ArrayList<>();
    for (int from : u2.minus(MemberSet.of(size(), to)).toArray()) {
      ShareBox box = sharesOf(from).boxFor(to);
      boxes.add(new ShareBox(from, box.shares(), box.maskCiphertext()));
    }
    return new Inbox(u2, boxes);
  }

  byte[] digest(MemberSet u2, MemberSet u3) {
    return new Survivors(u2, u3).digest(ctx1());
  }

  /** What these members sign for these survivors, willingly or not. */
  SignatureSet signedBy(MemberSet signers, byte[] digest) {
    List<IndexedSignature> signatures = new ArrayList<>();
    signers.forEach(
        index ->
            signatures.add(SurvivorSignature.sign(digest, device(index).identity).indexed(index)));
    return new SignatureSet(signatures);
  }

  // ---- an honest course ----

  AdversarialCoordinator share(MemberSet members) {
    Roster roster = roster();
    members.forEach(index -> assertSent(device(index).roster(roster)));
    return this;
  }

  AdversarialCoordinator mask(MemberSet u2, MemberSet members) {
    members.forEach(index -> assertSent(device(index).inbox(inbox(index, u2))));
    return this;
  }

  AdversarialCoordinator sign(MemberSet u2, MemberSet u3, MemberSet members) {
    members.forEach(index -> assertSent(device(index).survivors(new Survivors(u2, u3))));
    return this;
  }

  /** The signatures that these devices have sent. */
  SignatureSet signatures(MemberSet signers) {
    List<IndexedSignature> signatures = new ArrayList<>();
    signers.forEach(index -> signatures.add(sent(device(index).signature).indexed(index)));
    return new SignatureSet(signatures);
  }

  AdversarialCoordinator reveal(MemberSet signers, MemberSet members) {
    members.forEach(index -> assertSent(device(index).signatures(signatures(signers))));
    return this;
  }

  /** All devices up to their masked updates. */
  AdversarialCoordinator masked() {
    return share(all()).mask(all(), all());
  }

  private static void assertSent(Step<?> step) {
    assertThat(step).isInstanceOf(Step.Send.class);
  }

  // ---- what an honest coordinator does with it ----

  /** The sum of the survivors' lanes in the clear. */
  int[] plainSum(MemberSet u3) {
    return sum(u3, device -> device.plain);
  }

  private int[] sum(MemberSet members, Function<Device, int[]> vectors) {
    int[] sum = new int[device(1).plain.length];
    members.forEach(
        index -> {
          int[] lanes = vectors.apply(device(index));
          for (int i = 0; i < sum.length; i++) {
            sum[i] += lanes[i];
          }
        });
    return sum;
  }

  /** The sum of the masked updates, and the masks taken away with what these have revealed. */
  int[] unmaskedSum(MemberSet u2, MemberSet u3, MemberSet revealers) {
    int[] sum = sum(u3, device -> lanes(sent(device.masked)));
    KeySchedule schedule = new KeySchedule(terms.suite(), ctx1());
    MaskStream stream = new MaskStream();
    Map<Integer, SignedRevealedShares.Opened> revealed = new TreeMap<>();
    for (int index : revealers.toArray()) {
      if (revealed.size() < threshold()) {
        revealed.put(index, revealedBy(index, u2, u3));
      }
    }
    u3.forEach(
        index -> {
          byte[] secret = combined(revealed, shares -> shares.selfShareOf(index));
          assertThat(schedule.selfCommitment(index, secret))
              .isEqualTo(sharesOf(index).selfCommitment());
          stream.subtract(schedule.selfMaskKey(index, secret), sum);
        });
    u2.minus(u3)
        .forEach(
            lost -> {
              byte[] secret = combined(revealed, shares -> shares.maskShareOf(lost));
              MaskKeys keys = MaskKeys.derive(terms.suite(), terms.context(), secret);
              u3.forEach(index -> unmask(schedule, stream, sum, lost, keys, index));
            });
    return sum;
  }

  private void unmask(
      KeySchedule schedule, MaskStream stream, int[] sum, int lost, MaskKeys keys, int survivor) {
    PairMask mask =
        lost < survivor
            ? schedule.pairMaskOfLower(lost, keys, survivor, members().member(survivor).maskKey())
            : schedule.pairMaskOfUpper(
                lost,
                keys,
                survivor,
                members().member(survivor).maskKey(),
                sharesOf(survivor).boxFor(lost).maskCiphertext());
    if (mask.isAddedBy(survivor)) {
      stream.subtract(mask.key(), sum);
    } else {
      stream.add(mask.key(), sum);
    }
  }

  SignedRevealedShares.Opened revealedBy(int index, MemberSet u2, MemberSet u3) {
    return sent(device(index).revealed)
        .open(digest(u2, u3), u2, u3, device(index).identity.publicKey())
        .orElseThrow();
  }

  private static byte[] combined(
      Map<Integer, SignedRevealedShares.Opened> revealed,
      Function<SignedRevealedShares.Opened, byte[]> share) {
    int[] members = revealed.keySet().stream().mapToInt(Integer::intValue).toArray();
    byte[][] shares = revealed.values().stream().map(share).toArray(byte[][]::new);
    return ShamirSharing.combine(members, shares);
  }

  // ---- what the tests know besides ----

  /** The shares that a device holds of the others: of M, or of b; by member. */
  static byte[][] heldBy(Device device, String field) {
    byte[][] held = (byte[][]) Reflection.field(Reflection.field(device.session, "secrets"), field);
    byte[][] copy = new byte[held.length][];
    for (int i = 0; i < held.length; i++) {
      copy[i] = held[i] == null ? null : held[i].clone();
    }
    return copy;
  }

  /** Where the bytes stand in what a device has sent. */
  static Optional<Integer> find(byte[] bytes, byte[] in) {
    for (int at = 0; at + bytes.length <= in.length; at++) {
      if (java.util.Arrays.equals(bytes, 0, bytes.length, in, at, at + bytes.length)) {
        return Optional.of(at);
      }
    }
    return Optional.empty();
  }

  /** That no device has sent both kinds of share of one member, by looking at every byte. */
  static void assertNoBothKinds(Device device, byte[][] ofMask, byte[][] ofSelf) {
    byte[] wire = device.wire.toByteArray();
    IntFunction<byte[]> mask = member -> ofMask[member];
    for (int member = 1; member < ofMask.length; member++) {
      if (ofMask[member] != null) {
        boolean both =
            find(mask.apply(member), wire).isPresent() && find(ofSelf[member], wire).isPresent();
        assertThat(both).as("both shares of member %s have left", member).isFalse();
      }
    }
  }
}
