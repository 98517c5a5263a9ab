package io.tacit.client.connection;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.tacit.client.TestPlans;
import io.tacit.client.secagg.MaskingSession;
import io.tacit.client.secagg.RosterTrust;
import io.tacit.client.secagg.SessionTerms;
import io.tacit.client.secagg.Step;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.RoundId;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.Suite;
import io.tacit.protocol.crypto.IdentityKey;
import io.tacit.protocol.crypto.IdentityKeyCache;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.protocol.masking.KeySchedule;
import io.tacit.protocol.masking.MaskStream;
import io.tacit.protocol.masking.MemberSet;
import io.tacit.protocol.masking.ShamirSharing;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.PlanArtifact;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.privacy.RandomBits;
import io.tacit.protocol.session.Inbox;
import io.tacit.protocol.session.IndexedSignature;
import io.tacit.protocol.session.Roster;
import io.tacit.protocol.session.RoundRecord;
import io.tacit.protocol.session.SessionRecord;
import io.tacit.protocol.session.ShareBox;
import io.tacit.protocol.session.SignatureSet;
import io.tacit.protocol.session.SignedAdvertisement;
import io.tacit.protocol.session.SignedKeyShares;
import io.tacit.protocol.session.SignedRevealedShares;
import io.tacit.protocol.session.SurvivorSignature;
import io.tacit.protocol.session.Survivors;
import io.tacit.protocol.v1.Accepted;
import io.tacit.protocol.v1.AwaitRequest;
import io.tacit.protocol.v1.AwaitResponse;
import io.tacit.protocol.v1.CheckInResponse;
import io.tacit.protocol.v1.PollResponse;
import io.tacit.protocol.v1.SessionState;
import io.tacit.protocol.v1.Stage;
import io.tacit.protocol.v1.SubmitRequest;
import io.tacit.protocol.v1.SubmitResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Lets a scripted coordinator run rounds of {@link TestPlans#secure} with one device that comes
 * over the wire and the others in the test. Sessions go their good course until a test says
 * otherwise.
 */
public final class ScriptedSecureRound {

  /** Hash of the model that a round publishes. */
  public static final ContentHash NEW_MODEL = ContentHash.of(new byte[] {9});

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final byte[] TICKET = new byte[32];

  /** What becomes of each answer to Await before it is sent. */
  public volatile UnaryOperator<SessionState> onState = state -> state;

  /** What becomes of the record of the round before it is published. */
  public volatile UnaryOperator<io.tacit.protocol.v1.RoundRecord> onRecord = record -> record;

  private final ScriptedCoordinator coordinator;
  private final int size;
  private TrainingPlan plan;
  private ContentHash planHash;
  private ContentHash modelHash;
  private RoundId round;
  private int sessions;
  private @Nullable Session current;

  /** One session, and the others. */
  private final class Session {

    final SessionTerms terms;
    final List<Peer> peers = new ArrayList<>();
    @Nullable SignedAdvertisement guest;
    @Nullable Roster roster;
    final List<IdentityKey> keys = new ArrayList<>();
    @Nullable SignedKeyShares guestShares;
    @Nullable SurvivorSignature guestSignature;
    @Nullable SignedRevealedShares guestRevealed;

    Session(int number) {
      byte[] id = new byte[SessionId.LENGTH];
      id[0] = (byte) number;
      terms =
          new SessionTerms(
              SessionId.fromBytes(id),
              Suite.CLASSIC,
              round,
              planHash,
              modelHash,
              size,
              size,
              plan.aggregation().shards().survivors());
      for (int i = 1; i < size; i++) {
        peers.add(new Peer(terms));
      }
    }
  }

  private static final class Peer {

    final IdentityKeyPair identity = IdentityKeyPair.generate(RANDOM);
    final MaskingSession session;
    @Nullable SignedKeyShares shares;
    byte @Nullable [] masked;
    @Nullable SignedRevealedShares revealed;

    Peer(SessionTerms terms) {
      session = MaskingSession.open(terms, identity, null, RosterTrust.inKeysAlone(), RANDOM);
    }
  }

  /** Takes the coordinator over. */
  public ScriptedSecureRound(ScriptedCoordinator coordinator) {
    this(coordinator, 10);
  }

  /** The same with rosters of another size. */
  public ScriptedSecureRound(ScriptedCoordinator coordinator, int size) {
    this.coordinator = coordinator;
    this.size = size;
    coordinator.publish(TestPlans.catalogue().toBytes());
    plan = TestPlans.secure();
    planHash = coordinator.publish(PlanArtifact.unsigned(plan).toBytes());
    modelHash = coordinator.publish(ModelParameters.initial(plan.model()).toBytes());
    round = new RoundId(plan.id(), 1);
    coordinator.onPoll = request -> assignment();
    coordinator.onCheckIn =
        request -> {
          current = new Session(++sessions);
          return offer();
        };
    coordinator.onSubmit = this::submit;
    coordinator.onAwait = this::await;
  }

  /** Assigns another round from now on. */
  public void assign(long number) {
    round = new RoundId(plan.id(), number);
  }

  /** Assigns a round of another plan from now on. */
  public void assign(TrainingPlan other, long number) {
    plan = other;
    planHash = coordinator.publish(PlanArtifact.unsigned(plan).toBytes());
    assign(number);
  }

  /** How many sessions were offered. */
  public int sessions() {
    return sessions;
  }

  /** What the device joined the present session with. */
  public byte[] advertisement() {
    return present(session().guest).body();
  }

  /** Index of the device on the roster of the present session, from 1. */
  public int guestIndex() {
    return session().keys.indexOf(keyOf(present(session().guest))) + 1;
  }

  /** Whether the device has signed for survivors in the present session. */
  public boolean hasSigned() {
    return session().guestSignature != null;
  }

  private Session session() {
    return present(current);
  }

  private static <T> T present(@Nullable T value) {
    return Objects.requireNonNull(value, "not in this session yet");
  }

  private PollResponse assignment() {
    return PollResponse.newBuilder()
        .setAssignment(
            io.tacit.protocol.v1.Assignment.newBuilder()
                .setPlanId(plan.id().value())
                .setPlanVersion(plan.version())
                .setPlanHash(bytes(planHash))
                .setRound(round.number())
                .setModelHash(bytes(modelHash))
                .setTrainWithinMillis(300_000))
        .build();
  }

  private CheckInResponse offer() {
    return CheckInResponse.newBuilder()
        .setOffer(
            io.tacit.protocol.v1.SessionOffer.newBuilder()
                .setSessionId(ByteString.copyFrom(session().terms.session().toBytes()))
                .setSuite(Suite.CLASSIC.number())
                .setAdvertiseWithinMillis(10_000)
                .setInputWithinMillis(60_000))
        .build();
  }

  private SubmitResponse submit(SubmitRequest request) {
    byte[] body = request.getMessage().getBody().toByteArray();
    byte[] signature = request.getMessage().getSignature().toByteArray();
    Accepted.Builder accepted = Accepted.newBuilder();
    switch (request.getStage()) {
      case STAGE_ADVERTISE -> {
        session().guest = SignedAdvertisement.of(body, signature);
        accepted.setTicket(ByteString.copyFrom(TICKET));
      }
      case STAGE_SHARE_KEYS -> session().guestShares = SignedKeyShares.of(body, signature);
      case STAGE_CONSISTENCY -> session().guestSignature = SurvivorSignature.of(body, signature);
      case STAGE_UNMASK -> session().guestRevealed = SignedRevealedShares.of(body, signature);
      default -> throw new AssertionError(request.getStage());
    }
    return SubmitResponse.newBuilder().setAccepted(accepted).build();
  }

  private AwaitResponse await(AwaitRequest request) {
    SessionState.Builder state = SessionState.newBuilder().setRosterSize(size);
    try {
      switch (request.getKnown()) {
        case STAGE_ADVERTISE ->
            state
                .setStage(Stage.STAGE_SHARE_KEYS)
                .setRoster(io.tacit.protocol.v1.Roster.parseFrom(roster().toBytes()));
        case STAGE_SHARE_KEYS ->
            state
                .setStage(Stage.STAGE_INPUT)
                .setInbox(io.tacit.protocol.v1.Inbox.parseFrom(guestInbox().toBytes()));
        case STAGE_INPUT ->
            state
                .setStage(Stage.STAGE_CONSISTENCY)
                .setSurvivors(io.tacit.protocol.v1.Survivors.parseFrom(survivors().toBytes()));
        case STAGE_CONSISTENCY ->
            state
                .setStage(Stage.STAGE_UNMASK)
                .setSignatures(io.tacit.protocol.v1.SignatureSet.parseFrom(signatures().toBytes()));
        default ->
            state
                .setStage(Stage.STAGE_COMPLETED)
                .setContributors(size)
                .setNewModelHash(bytes(NEW_MODEL))
                .setRecordHash(bytes(record()));
      }
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
    return AwaitResponse.newBuilder().setState(onState.apply(state.build())).build();
  }

  // ---- what an honest coordinator does ----

  private Roster roster() {
    Roster known = session().roster;
    if (known == null) {
      List<SignedAdvertisement> entries = new ArrayList<>();
      session().peers.sort(Comparator.comparing(peer -> peer.identity.publicKey().clientId()));
      session().peers.forEach(peer -> entries.add(peer.session.advertisement()));
      SignedAdvertisement joined = present(session().guest);
      IdentityKey guest = keyOf(joined);
      session().peers.forEach(peer -> session().keys.add(peer.identity.publicKey()));
      session().keys.add(guest);
      session().keys.sort(Comparator.comparing(IdentityKey::clientId));
      entries.add(session().keys.indexOf(guest), joined);
      known = Roster.of(entries, new byte[0]);
      session().roster = known;
      for (Peer peer : session().peers) {
        peer.shares = sent(peer.session.acceptRoster(known.toBytes()));
      }
    }
    return known;
  }

  private IdentityKey keyOf(SignedAdvertisement entry) {
    return entry
        .open(Suite.CLASSIC, session().terms.context(), new IdentityKeyCache(1))
        .orElseThrow()
        .identityKey();
  }

  private IdentityKey keyOf(int index) {
    return session().keys.get(index - 1);
  }

  /** The peer of an index; null for the guest. */
  private @Nullable Peer peer(int index) {
    for (Peer peer : session().peers) {
      if (peer.identity.publicKey().equals(keyOf(index))) {
        return peer;
      }
    }
    return null;
  }

  private byte[] ctx1() {
    return roster().context(session().terms.context());
  }

  private MemberSet all() {
    return MemberSet.all(size);
  }

  private SignedKeyShares.Opened sharesOf(int index) {
    Peer peer = peer(index);
    return present(peer == null ? session().guestShares : peer.shares)
        .open(Suite.CLASSIC, ctx1(), size, index, keyOf(index))
        .orElseThrow();
  }

  private Inbox inbox(int to) {
    List<ShareBox> boxes = new ArrayList<>();
    for (int from = 1; from <= size; from++) {
      if (from != to) {
        ShareBox box = sharesOf(from).boxFor(to);
        boxes.add(new ShareBox(from, box.shares(), box.maskCiphertext()));
      }
    }
    return new Inbox(all(), boxes);
  }

  private Inbox guestInbox() {
    int guest = 0;
    for (int index = 1; index <= size; index++) {
      Peer peer = peer(index);
      if (peer == null) {
        guest = index;
      } else if (peer.masked == null) {
        float[] update = new float[plan.parameters()];
        update[0] = 0.01f * index;
        peer.masked =
            sent(
                peer.session.acceptInbox(
                    inbox(index).toBytes(),
                    plan.updateFormat().encode(update, 3, 0.25, RandomBits.secure(RANDOM))));
      }
    }
    return inbox(guest);
  }

  private Survivors survivors() {
    return new Survivors(all(), all());
  }

  /** Of all, or of all but the device if it has not signed. */
  private SignatureSet signatures() {
    List<IndexedSignature> signatures = new ArrayList<>();
    for (int index = 1; index <= size; index++) {
      Peer peer = peer(index);
      if (peer != null) {
        SurvivorSignature signature = sent(peer.session.acceptSurvivors(survivors().toBytes()));
        signatures.add(signature.indexed(index));
      } else if (session().guestSignature != null) {
        signatures.add(present(session().guestSignature).indexed(index));
      }
    }
    return new SignatureSet(signatures);
  }

  private ContentHash record() {
    SessionRecord done =
        new SessionRecord(
            session().terms.session(),
            Suite.CLASSIC,
            roster(),
            survivors(),
            signatures(),
            ContentHash.of(new byte[] {1}));
    RoundRecord record =
        RoundRecord.of(round, Optional.empty(), planHash, modelHash, NEW_MODEL, List.of(done));
    try {
      return coordinator.publish(
          onRecord
              .apply(io.tacit.protocol.v1.RoundRecord.parseFrom(record.toBytes()))
              .toByteArray());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  /** The sum of all updates in the clear, as the coordinator finds it in the end. */
  public int[] sum() {
    int[] sum = lanes(coordinator.uploaded());
    KeySchedule schedule = new KeySchedule(Suite.CLASSIC, ctx1());
    MaskStream stream = new MaskStream();
    byte[] digest = survivors().digest(ctx1());
    SignatureSet signatures = signatures();
    SignedRevealedShares.Opened[] revealed = new SignedRevealedShares.Opened[size];
    for (int index = 1; index <= size; index++) {
      Peer peer = peer(index);
      if (peer != null) {
        int[] masked = lanes(present(peer.masked));
        for (int i = 0; i < sum.length; i++) {
          sum[i] += masked[i];
        }
        peer.revealed = sent(peer.session.acceptSignatures(signatures.toBytes()));
      }
      revealed[index - 1] =
          present(peer == null ? session().guestRevealed : peer.revealed)
              .open(digest, all(), all(), keyOf(index))
              .orElseThrow();
    }
    int[] members = {1, 2, 3, 4, 5, 6, 7};
    for (int index = 1; index <= size; index++) {
      int of = index;
      byte[][] shares =
          Arrays.stream(members)
              .mapToObj(member -> revealed[member - 1].selfShareOf(of))
              .toArray(byte[][]::new);
      stream.subtract(schedule.selfMaskKey(index, ShamirSharing.combine(members, shares)), sum);
    }
    return sum;
  }

  private static int[] lanes(byte[] bytes) {
    int[] lanes = new int[bytes.length / Integer.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(lanes);
    return lanes;
  }

  private static <T> T sent(Step<T> step) {
    return ((Step.Send<T>) step).message();
  }

  private static ByteString bytes(ContentHash hash) {
    return ByteString.copyFrom(hash.toBytes());
  }
}
