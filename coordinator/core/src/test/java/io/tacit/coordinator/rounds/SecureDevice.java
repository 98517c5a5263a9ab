package io.tacit.coordinator.rounds;

import io.tacit.coordinator.Coordinator;
import io.tacit.coordinator.sessions.AwaitOutcome;
import io.tacit.coordinator.sessions.Publication;
import io.tacit.coordinator.sessions.SessionProgress;
import io.tacit.coordinator.sessions.SubmitOutcome;
import io.tacit.coordinator.sessions.UploadAdmission;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.Stage;
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
import io.tacit.protocol.masking.SealedShares;
import io.tacit.protocol.masking.SessionKeyPair;
import io.tacit.protocol.masking.SessionTranscript;
import io.tacit.protocol.masking.ShamirSharing;
import io.tacit.protocol.session.Advertised;
import io.tacit.protocol.session.Inbox;
import io.tacit.protocol.session.Roster;
import io.tacit.protocol.session.ShareBox;
import io.tacit.protocol.session.SignedAdvertisement;
import io.tacit.protocol.session.SignedKeyShares;
import io.tacit.protocol.session.SignedRevealedShares;
import io.tacit.protocol.session.SurvivorSignature;
import io.tacit.protocol.session.Survivors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A device of a secure session that does what a test tells it, with the real cryptography and none
 * of a device's distrust. Its chance comes from a seed: made again with the same number, it hands
 * in the same bytes.
 */
public final class SecureDevice {

  private static final Set<String> KINDS = Set.of("tabular");

  private Coordinator coordinator;
  private final IdentityKeyPair identity;
  private final ClientId id;
  private final SecureRandom random;

  private PollOutcome.@Nullable Assignment work;
  private Suite suite = Suite.PLAIN;
  private @Nullable SessionId session;
  private byte[] ticket = new byte[32];
  private byte[] ctx0 = new byte[0];
  private @Nullable SessionKeyPair channelKeys;
  private @Nullable MaskKeys maskKeys;
  private byte[] selfSecret = new byte[ShamirSharing.SECRET_LENGTH];
  private @Nullable SignedAdvertisement advertisement;
  private @Nullable SignedKeyShares keyShares;
  private @Nullable SurvivorSignature signature;
  private @Nullable SignedRevealedShares revealed;

  private Roster.@Nullable Members roster;
  private int own;
  private byte[][] maskShares = new byte[0][];
  private byte[][] selfShares = new byte[0][];
  private final Map<Integer, PairMask> pairMasks = new HashMap<>();
  private final Map<Integer, PeerShares> held = new HashMap<>();
  private @Nullable MemberSet u2;
  private byte[] masked = new byte[0];

  /** Whether what it reveals is not what it was given. */
  boolean lies;

  /** Whether it commits to another secret than its mask has. */
  boolean commitsToAnother;

  /** The device of this number. */
  public SecureDevice(Coordinator coordinator, int number) {
    this(coordinator, number, 0);
  }

  /** The same with other chance, e.g. in another round. */
  public SecureDevice(Coordinator coordinator, int number, long salt) {
    this.coordinator = coordinator;
    byte[] seed = new byte[IdentityKeyPair.SEED_LENGTH];
    ByteBuffer.wrap(seed).putInt(number);
    this.identity = IdentityKeyPair.fromSeed(seed);
    this.id = identity.publicKey().clientId();
    this.random = seeded(number, salt);
  }

  private static SecureRandom seeded(int number, long salt) {
    try {
      SecureRandom seeded = SecureRandom.getInstance("SHA1PRNG");
      seeded.setSeed(ByteBuffer.allocate(12).putInt(number).putLong(salt).array());
      return seeded;
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** It goes on with the process that has come in the place of another. */
  void move(Coordinator next) {
    coordinator = next;
  }

  /** Its id. */
  public ClientId id() {
    return id;
  }

  /** The session that it was offered. */
  public SessionId session() {
    return notNull(session);
  }

  /** Its index on the roster, once it has heard of it. */
  public int index() {
    return own;
  }

  byte[] ticket() {
    return ticket.clone();
  }

  // ---- R0 ----

  /** Polls and checks in; false if it is sent away. */
  public boolean offered() {
    if (!(coordinator.rounds().poll("test", id, KINDS) instanceof PollOutcome.Assignment given)) {
      return false;
    }
    CheckInOutcome outcome =
        coordinator.rounds().checkIn(given.round(), given.planHash(), given.modelHash(), id);
    if (!(outcome instanceof CheckInOutcome.Offer offer)) {
      return false;
    }
    work = given;
    begin(offer.session(), Suite.ofNumber(offer.suite()), context(offer));
    return true;
  }

  private byte[] context(CheckInOutcome.Offer offer) {
    return Transcript.sessionContext(
        offer.suite(),
        offer.session(),
        notNull(work).planHash(),
        notNull(work).modelHash(),
        notNull(work).round().number());
  }

  /** Makes the keys for a session. */
  public void begin(SessionId offered, Suite offeredSuite, byte[] context) {
    session = offered;
    suite = offeredSuite;
    ctx0 = context.clone();
    channelKeys = SessionKeyPair.generate(suite, random);
    maskKeys = MaskKeys.generate(suite, ctx0, random);
    random.nextBytes(selfSecret);
    advertisement =
        SignedAdvertisement.sign(
            ctx0, channelKeys.publicKey(), maskKeys.publicKey(), new byte[0], identity, random);
  }

  SignedAdvertisement advertisement() {
    return notNull(advertisement);
  }

  /** With the keys of another device. */
  SignedAdvertisement advertisementWithKeysOf(SecureDevice other) {
    return SignedAdvertisement.sign(
        ctx0,
        notNull(other.channelKeys).publicKey(),
        notNull(other.maskKeys).publicKey(),
        new byte[0],
        identity,
        random);
  }

  /** Hands in its advertisement, keeping the ticket. */
  public SubmitOutcome advertise() {
    return advertise(notNull(advertisement));
  }

  SubmitOutcome advertise(SignedAdvertisement signed) {
    SubmitOutcome outcome =
        ScriptedDevice.get(coordinator.sessions().advertise(session(), id, signed));
    if (outcome instanceof SubmitOutcome.Durable durable) {
      ticket = durable.ticket();
    }
    return outcome;
  }

  /** Polls, checks in and joins. */
  void join() {
    if (!offered() || !(advertise() instanceof SubmitOutcome.Durable)) {
      throw new AssertionError("device " + id + " could not join");
    }
  }

  // ---- what is published ----

  /** Where the session is, with what it publishes to this device. */
  public SessionProgress progress() {
    AwaitOutcome outcome =
        ScriptedDevice.get(
            coordinator
                .sessions()
                .await(session(), id, ticket, Stage.ABORTED, Duration.ZERO)
                .orElseThrow());
    return (SessionProgress) outcome;
  }

  /** Waits for the end of a stage; empty if too many do. */
  public Optional<CompletableFuture<AwaitOutcome>> await(Stage known, Duration hold) {
    return coordinator.sessions().await(session(), id, ticket, known, hold);
  }

  Stage stage() {
    return progress().stage();
  }

  /** Takes up what the present stage publishes; has no effect the second time. */
  public void hear() {
    hear(progress().published());
  }

  /** The same, of bytes that were kept. */
  public void hear(@Nullable Publication published) {
    if (published instanceof Publication.OfRoster of && roster == null) {
      onRoster(of.roster());
    } else if (published instanceof Publication.OfInbox of && u2 == null) {
      onInbox(of.inbox());
    } else if (published instanceof Publication.OfSurvivors of && signature == null) {
      onSurvivors(of.survivors());
    }
  }

  private void onRoster(Roster published) {
    roster = (Roster.Members) published.open(suite, ctx0, new IdentityKeyCache(128));
    List<ClientId> members = roster.advertised().stream().map(Advertised::client).toList();
    own = 1 + members.indexOf(id);
    int n = members.size();
    int t = SessionTranscript.threshold(n);
    byte[] maskSecret = notNull(maskKeys).secret();
    maskShares = ShamirSharing.split(maskSecret, n, t, random);
    selfShares = ShamirSharing.split(selfSecret, n, t, random);
    KeySchedule schedule = schedule();
    List<ShareBox> boxes = new ArrayList<>();
    for (int peer = 1; peer <= n; peer++) {
      if (peer != own) {
        boxes.add(box(schedule, peer));
      }
    }
    byte[] committed = selfSecret.clone();
    committed[0] ^= (byte) (commitsToAnother ? 1 : 0);
    keyShares =
        SignedKeyShares.sign(
            roster.ctx1(), boxes, schedule.selfCommitment(own, committed), identity);
  }

  private ShareBox box(KeySchedule schedule, int peer) {
    byte[] ciphertext = new byte[0];
    if (own < peer) {
      PairMask mask =
          schedule.pairMaskOfLower(
              own, notNull(maskKeys), peer, notNull(roster).member(peer).maskKey());
      pairMasks.put(peer, mask);
      ciphertext = mask.ciphertext();
    }
    SealedShares sealed =
        schedule
            .shareChannel(
                own, notNull(channelKeys), peer, notNull(roster).member(peer).channelKey())
            .seal(maskShares[peer - 1], selfShares[peer - 1], ciphertext, random);
    return new ShareBox(peer, sealed, ciphertext);
  }

  private void onInbox(Inbox inbox) {
    u2 = inbox.u2();
    KeySchedule schedule = schedule();
    for (ShareBox box : inbox.boxes()) {
      int from = box.peer();
      Advertised peer = notNull(roster).member(from);
      PeerShares shares =
          schedule
              .shareChannel(own, notNull(channelKeys), from, peer.channelKey())
              .open(box.shares(), box.maskCiphertext())
              .orElseThrow(() -> new AssertionError("box of " + from + " does not open"));
      held.put(from, shares);
      if (from < own) {
        pairMasks.put(
            from,
            schedule.pairMaskOfUpper(
                own, notNull(maskKeys), from, peer.maskKey(), box.maskCiphertext()));
      }
    }
  }

  private void onSurvivors(Survivors survivors) {
    byte[] digest = survivors.digest(notNull(roster).ctx1());
    signature = SurvivorSignature.sign(digest, identity);
    revealed =
        SignedRevealedShares.sign(
            digest,
            survivors.u2(),
            survivors.u3(),
            of -> spoilt(of == own ? selfShares[own - 1] : notNull(held.get(of)).selfShare()),
            of -> spoilt(of == own ? maskShares[own - 1] : notNull(held.get(of)).maskShare()),
            identity);
  }

  private byte[] spoilt(byte[] share) {
    byte[] shown = share.clone();
    if (lies) {
      shown[7] ^= 0x55;
    }
    return shown;
  }

  private KeySchedule schedule() {
    return new KeySchedule(suite, notNull(roster).ctx1());
  }

  // ---- R1 to R4 ----

  SignedKeyShares keyShares() {
    return notNull(keyShares);
  }

  /** Hands in its key shares. */
  public SubmitOutcome share() {
    return share(keyShares());
  }

  SubmitOutcome share(SignedKeyShares shares) {
    return ScriptedDevice.get(coordinator.sessions().shareKeys(session(), id, shares));
  }

  /** Masks and uploads. */
  public SubmitOutcome upload(byte[] update) {
    masked = masked(update);
    return uploadAgain();
  }

  byte[] masked(byte[] update) {
    int[] lanes = new int[update.length / Integer.BYTES];
    ByteBuffer.wrap(update).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(lanes);
    MaskStream stream = new MaskStream();
    stream.add(schedule().selfMaskKey(own, selfSecret), lanes);
    notNull(u2)
        .forEach(
            peer -> {
              if (peer != own) {
                notNull(pairMasks.get(peer)).mask(own, stream, lanes);
              }
            });
    return Updates.bytes(lanes);
  }

  /** Asks for leave to upload an update that it has masked. */
  UploadAdmission admission(byte[] lanes) {
    return coordinator
        .sessions()
        .admitUpload(session(), id, ticket, lanes.length, ContentHash.of(lanes));
  }

  SubmitOutcome uploadAgain() {
    UploadAdmission admission = admission(masked);
    return admission instanceof UploadAdmission.Admitted admitted
        ? ScriptedDevice.get(admitted.whole(ByteBuffer.wrap(masked)))
        : ((UploadAdmission.Denied) admission).refusal();
  }

  /** Signs who survived. */
  public SubmitOutcome sign() {
    return sign(notNull(signature));
  }

  SubmitOutcome sign(SurvivorSignature signed) {
    return ScriptedDevice.get(coordinator.sessions().signSurvivors(session(), id, signed));
  }

  SurvivorSignature signatureOver(byte[] digest) {
    return SurvivorSignature.sign(digest, identity);
  }

  SignedRevealedShares revealed() {
    return notNull(revealed);
  }

  /** Reveals its shares. */
  public SubmitOutcome reveal() {
    return reveal(notNull(revealed));
  }

  SubmitOutcome reveal(SignedRevealedShares shares) {
    return ScriptedDevice.get(coordinator.sessions().revealShares(session(), id, shares));
  }

  /** Leaves, because of nobody. */
  public void leave() {
    abort(0);
  }

  /** Leaves; may say because of whom. */
  void abort(int accused) {
    coordinator.sessions().abort(session(), id, ticket, accused);
  }

  private static <T> T notNull(@Nullable T value) {
    if (value == null) {
      throw new AssertionError("the script has not come so far");
    }
    return value;
  }
}
