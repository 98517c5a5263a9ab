package io.tacit.coordinator.rounds;

import io.tacit.coordinator.Coordinator;
import io.tacit.coordinator.sessions.AwaitOutcome;
import io.tacit.coordinator.sessions.SessionProgress;
import io.tacit.coordinator.sessions.Sessions;
import io.tacit.coordinator.sessions.SubmitOutcome;
import io.tacit.coordinator.sessions.Tickets;
import io.tacit.coordinator.sessions.UploadAdmission;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.Stage;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.protocol.crypto.Transcript;
import io.tacit.protocol.session.SignedAdvertisement;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A device that does what a test tells it, by calls on {@link Rounds}; the same number, the same
 * key.
 */
public final class ScriptedDevice {

  /** What it says that it can train. */
  public static final Set<String> KINDS = Set.of("tabular");

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Rounds rounds;
  private final Sessions sessions;
  private final IdentityKeyPair identity;
  private final ClientId id;

  private PollOutcome.@Nullable Assignment work;
  private @Nullable SessionId session;
  private @Nullable SignedAdvertisement advertisement;
  private byte[] ticket = new byte[Tickets.LENGTH];

  /** The device of this number. */
  public ScriptedDevice(Coordinator coordinator, int number) {
    this.rounds = coordinator.rounds();
    this.sessions = coordinator.sessions();
    byte[] seed = new byte[IdentityKeyPair.SEED_LENGTH];
    ByteBuffer.wrap(seed).putInt(number);
    this.identity = IdentityKeyPair.fromSeed(seed);
    this.id = identity.publicKey().clientId();
  }

  /** Its id. */
  public ClientId id() {
    return id;
  }

  /** The session that it was offered. */
  public SessionId session() {
    return notNull(session);
  }

  byte[] ticket() {
    return ticket.clone();
  }

  PollOutcome.Assignment work() {
    return notNull(work);
  }

  SignedAdvertisement advertisement() {
    return notNull(advertisement);
  }

  PollOutcome poll() {
    return rounds.poll("test", id, KINDS);
  }

  /** Polls and checks in; false if it is sent away. */
  public boolean offered() {
    if (!(poll() instanceof PollOutcome.Assignment assignment)) {
      return false;
    }
    work = assignment;
    CheckInOutcome outcome =
        rounds.checkIn(assignment.round(), assignment.planHash(), assignment.modelHash(), id);
    if (!(outcome instanceof CheckInOutcome.Offer offer)) {
      return false;
    }
    session = offer.session();
    advertisement = SignedAdvertisement.sign(context(), identity, RANDOM);
    return true;
  }

  /** ctx0 of the session that it was offered. */
  byte[] context() {
    return Transcript.sessionContext(
        0, session(), work().planHash(), work().modelHash(), work().round().number());
  }

  SignedAdvertisement sign(byte[] context) {
    return SignedAdvertisement.sign(context, identity, RANDOM);
  }

  /** Hands in its advertisement, keeping the ticket. */
  public SubmitOutcome advertise() {
    SubmitOutcome outcome = get(sessions.advertise(session(), id, advertisement()));
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

  UploadAdmission admission(byte[] update) {
    return sessions.admitUpload(session(), id, ticket, update.length, ContentHash.of(update));
  }

  /** Uploads in one piece. */
  public SubmitOutcome upload(byte[] update) {
    UploadAdmission admission = admission(update);
    return admission instanceof UploadAdmission.Admitted admitted
        ? get(admitted.whole(ByteBuffer.wrap(update)))
        : ((UploadAdmission.Denied) admission).refusal();
  }

  Optional<CompletableFuture<AwaitOutcome>> await(Stage known, Duration hold) {
    return sessions.await(session(), id, ticket, known, hold);
  }

  /** Where its session is now. */
  SessionProgress state() {
    return (SessionProgress) get(await(Stage.ABORTED, Duration.ZERO).orElseThrow());
  }

  /** The stage that its session waits for. */
  Stage stage() {
    return state().stage();
  }

  void abort() {
    sessions.abort(session(), id, ticket, 0);
  }

  static <T> T get(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new AssertionError(e);
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private static <T> T notNull(@Nullable T value) {
    if (value == null) {
      throw new AssertionError("the script has not come so far");
    }
    return value;
  }
}
