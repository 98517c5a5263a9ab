package io.tacit.e2e.bench;

import io.tacit.client.secagg.MaskingSession;
import io.tacit.client.secagg.RosterTrust;
import io.tacit.client.secagg.SessionTerms;
import io.tacit.client.secagg.Step;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.RoundId;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.crypto.BadKeyException;
import io.tacit.protocol.crypto.IdentityKeyCache;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.protocol.encoding.EncodedUpdate;
import io.tacit.protocol.masking.KeySchedule;
import io.tacit.protocol.masking.MaskStream;
import io.tacit.protocol.masking.MemberSet;
import io.tacit.protocol.masking.ReedSolomonDecoder;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.privacy.RandomBits;
import io.tacit.protocol.session.Advertised;
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
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What all devices and the coordinator of one session spend on its cryptography: the same code as
 * in a round, in one thread, with no transport, no storage and nobody waiting. Nobody vanishes.
 */
final class SecureCryptography {

  private static final SecureRandom RANDOM = new SecureRandom();

  private final SessionTerms terms;
  private final List<IdentityKeyPair> identities;
  private final List<MaskingSession> devices = new ArrayList<>();
  private final List<SignedAdvertisement> advertisements = new ArrayList<>();

  /** The coordinator knows devices of earlier rounds; a device does not. */
  private final IdentityKeyCache keys;

  private SecureCryptography(SessionTerms terms, List<IdentityKeyPair> identities) {
    this.terms = terms;
    this.identities = identities;
    this.keys = new IdentityKeyCache(identities.size());
  }

  /** The same devices in session after session. */
  static List<IdentityKeyPair> identities(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> IdentityKeyPair.generate(RANDOM))
        .sorted(Comparator.comparing(identity -> identity.publicKey().clientId()))
        .toList();
  }

  /**
   * Runs a session.
   *
   * @return its processor time
   */
  static Duration run(TrainingPlan plan, List<IdentityKeyPair> identities) {
    ContentHash any = ContentHash.of(new byte[0]);
    SessionTerms terms =
        new SessionTerms(
            SessionId.random(RANDOM),
            plan.suite(),
            new RoundId(plan.id(), 1),
            any,
            any,
            identities.size(),
            identities.size(),
            plan.aggregation().shards().survivors());
    SecureCryptography session = new SecureCryptography(terms, identities);
    identities.forEach(identity -> session.keys.get(identity.publicKey().toBytes()));
    List<EncodedUpdate> updates = new ArrayList<>();
    RandomBits bits = RandomBits.secure(RANDOM);
    for (int i = 0; i < identities.size(); i++) {
      updates.add(plan.updateFormat().encode(new float[plan.parameters()], 1, 0, bits));
    }
    long before = processorNanos();
    session.run(updates);
    return Duration.ofNanos(processorNanos() - before);
  }

  private static long processorNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private void run(List<EncodedUpdate> updates) {
    Roster.Members roster = roster();
    List<SignedKeyShares.Opened> shares = shares(roster);
    int[] sum = maskedSum(shares, updates);
    Survivors survivors = new Survivors(all(), all());
    SignatureSet signatures = signatures(roster, survivors);
    List<SignedRevealedShares.Opened> revealed = reveal(roster, survivors, signatures);
    unmask(roster, shares, revealed, sum);
    if (sum[0] != size()) {
      throw new IllegalStateException("sum counts " + sum[0] + " devices, must be " + size());
    }
    devices.forEach(MaskingSession::erase);
  }

  private int size() {
    return identities.size();
  }

  private MemberSet all() {
    return MemberSet.all(size());
  }

  private Roster.Members roster() {
    for (IdentityKeyPair identity : identities) {
      MaskingSession device =
          MaskingSession.open(terms, identity, null, RosterTrust.inKeysAlone(), RANDOM);
      devices.add(device);
      advertisements.add(device.advertisement());
      Advertised advertised =
          device.advertisement().open(terms.suite(), terms.context(), keys).orElseThrow();
      try {
        advertised.checkKeys();
      } catch (BadKeyException e) {
        throw new IllegalStateException("a device made a bad key", e);
      }
    }
    return (Roster.Members)
        published().open(terms.suite(), terms.context(), keys, (key, message, signature) -> true);
  }

  private Roster published() {
    return Roster.of(advertisements, new byte[0]);
  }

  private List<SignedKeyShares.Opened> shares(Roster.Members roster) {
    byte[] published = published().toBytes();
    List<SignedKeyShares.Opened> shares = new ArrayList<>();
    for (int i = 0; i < size(); i++) {
      shares.add(
          sent(devices.get(i).acceptRoster(published))
              .open(terms.suite(), roster.ctx1(), size(), i + 1, roster.member(i + 1).identityKey())
              .orElseThrow());
    }
    return shares;
  }

  private int[] maskedSum(List<SignedKeyShares.Opened> shares, List<EncodedUpdate> updates) {
    int[] sum = new int[0];
    for (int to = 1; to <= size(); to++) {
      List<ShareBox> boxes = new ArrayList<>();
      for (int from = 1; from <= size(); from++) {
        if (from != to) {
          ShareBox box = shares.get(from - 1).boxFor(to);
          boxes.add(new ShareBox(from, box.shares(), box.maskCiphertext()));
        }
      }
      byte[] masked =
          sent(
              devices
                  .get(to - 1)
                  .acceptInbox(new Inbox(all(), boxes).toBytes(), updates.get(to - 1)));
      int[] lanes = new int[masked.length / Integer.BYTES];
      ByteBuffer.wrap(masked).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(lanes);
      if (sum.length == 0) {
        sum = new int[lanes.length];
      }
      for (int i = 0; i < lanes.length; i++) {
        sum[i] += lanes[i];
      }
    }
    return sum;
  }

  private SignatureSet signatures(Roster.Members roster, Survivors survivors) {
    byte[] digest = survivors.digest(roster.ctx1());
    List<IndexedSignature> signatures = new ArrayList<>();
    for (int i = 0; i < size(); i++) {
      SurvivorSignature signature = sent(devices.get(i).acceptSurvivors(survivors.toBytes()));
      if (!signature.verify(digest, roster.member(i + 1).identityKey())) {
        throw new IllegalStateException("a device has not signed the survivors");
      }
      signatures.add(signature.indexed(i + 1));
    }
    return new SignatureSet(signatures);
  }

  private List<SignedRevealedShares.Opened> reveal(
      Roster.Members roster, Survivors survivors, SignatureSet signatures) {
    byte[] digest = survivors.digest(roster.ctx1());
    byte[] published = signatures.toBytes();
    List<SignedRevealedShares.Opened> revealed = new ArrayList<>();
    for (int i = 0; i < size(); i++) {
      revealed.add(
          sent(devices.get(i).acceptSignatures(published))
              .open(digest, all(), all(), roster.member(i + 1).identityKey())
              .orElseThrow());
    }
    return revealed;
  }

  private void unmask(
      Roster.Members roster,
      List<SignedKeyShares.Opened> shares,
      List<SignedRevealedShares.Opened> revealed,
      int[] sum) {
    KeySchedule schedule = new KeySchedule(terms.suite(), roster.ctx1());
    ReedSolomonDecoder decoder = new ReedSolomonDecoder(all().toArray(), published().threshold());
    MaskStream stream = new MaskStream();
    for (int member = 1; member <= size(); member++) {
      byte[][] held = new byte[size()][];
      for (int i = 0; i < size(); i++) {
        held[i] = revealed.get(i).selfShareOf(member);
      }
      byte[] secret = decoder.decode(held).orElseThrow().secret();
      if (!Arrays.equals(
          schedule.selfCommitment(member, secret), shares.get(member - 1).selfCommitment())) {
        throw new IllegalStateException("a device committed to another secret");
      }
      stream.subtract(schedule.selfMaskKey(member, secret), sum);
    }
  }

  private static <T> T sent(Step<T> step) {
    if (step instanceof Step.Send<T> send) {
      return send.message();
    }
    throw new IllegalStateException("a device left: " + step);
  }
}
