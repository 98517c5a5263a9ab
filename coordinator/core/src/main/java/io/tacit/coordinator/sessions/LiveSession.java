package io.tacit.coordinator.sessions;

import io.tacit.coordinator.aggregation.SessionLog;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Stage;
import io.tacit.protocol.Suite;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.privacy.NoisePlan;
import io.tacit.protocol.session.SessionRecord;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A session of a round that is going on: its durable record, what it has published, and the facts
 * that RPC threads have recorded. Facts may be recorded by any thread; {@link #publish} and what
 * follows are for the conductor alone.
 */
public final class LiveSession {

  private final TrainingPlan plan;
  private final int lanes;
  private final byte[] sessionContext;
  private final SessionLog log;
  private final SessionFacts facts;
  private final Map<CompletableFuture<Stage>, Stage> waiting = new ConcurrentHashMap<>();

  /** Record and publications change together: nobody sees one without the other. */
  private record Present(Session session, Published published) {}

  private volatile Present present;
  private volatile @Nullable SessionProgress ending;

  /** For the conductor's thread alone. */
  private boolean inDoubt;

  private int @Nullable [] sum;

  /** Whether the sum was found in this process. */
  private boolean summed;

  LiveSession(
      Session session,
      TrainingPlan plan,
      byte[] sessionContext,
      SessionLog log,
      Published published) {
    this.present = new Present(session, published);
    this.plan = plan;
    // Once: a plan works its format out anew each time, and every upload asks.
    this.lanes = plan.updateFormat().lanes();
    this.sessionContext = sessionContext;
    this.log = log;
    this.facts = new SessionFacts(plan.sessionSize());
  }

  /** Its durable record, as of the last transition that was published. */
  public Session session() {
    return present.session();
  }

  Published published() {
    return present.published();
  }

  TrainingPlan plan() {
    return plan;
  }

  /** Integers of an update and of the sum. */
  int lanes() {
    return lanes;
  }

  Suite suite() {
    return session().suite();
  }

  SessionLog log() {
    return log;
  }

  SessionFacts facts() {
    return facts;
  }

  /** ctx0; not copied, not to be changed. */
  byte[] sessionContext() {
    return sessionContext;
  }

  // ---- what a round looks at ----

  /** Whether devices may still join. */
  public boolean isOpen() {
    return session().state() instanceof SessionState.Open;
  }

  /** Whether its advertisement is durable. */
  public boolean hasJoined(ClientId client) {
    return facts.hasAnswered(client, Stage.ADVERTISE);
  }

  /** Devices whose advertisement is durable. */
  public int joinedCount() {
    return facts.count(Stage.ADVERTISE);
  }

  /** Those among them. */
  public Set<ClientId> joined() {
    return Set.copyOf(facts.answered(Stage.ADVERTISE));
  }

  /** Whether all seats of the roster are held. */
  public boolean isFull() {
    return facts.seatsTaken() >= plan.sessionSize();
  }

  /** When the first device joined; null while none has. */
  public @Nullable Instant firstJoinedAt() {
    return facts.firstJoinedAt();
  }

  /** Bytes of acknowledged updates. */
  public long bytesUp() {
    return facts.bytesUp();
  }

  /** Who said of whom that its message was bad. */
  public Set<Accusation> accusations() {
    return facts.accusations();
  }

  // ---- for the conductor's thread alone ----

  /** Whether a transition was being written when the database failed: it may have come through. */
  boolean isInDoubt() {
    return inDoubt;
  }

  void setInDoubt(boolean doubt) {
    inDoubt = doubt;
  }

  void keepSum(int[] lanes) {
    sum = lanes;
    summed = true;
  }

  /** Whether its sum must be found again: after a restart. */
  boolean lacksSum() {
    return !summed;
  }

  /** Whether the sum is there to be taken. */
  public boolean hasSum() {
    return sum != null;
  }

  /**
   * The sum of a session that is summed, in the lanes of the plan's format; not a copy, kept no
   * longer.
   */
  public int[] takeSum() {
    int[] lanes = sum;
    if (lanes == null) {
      throw new IllegalStateException("session " + session().id() + " has no sum");
    }
    sum = null;
    return lanes;
  }

  /** What a secure session that is summed did, for the round's record. */
  public SessionRecord record() {
    Present now = present;
    Published published = now.published();
    if (!(now.session().state() instanceof SessionState.Summed summed)) {
      throw new IllegalStateException("session " + now.session().id() + " is not summed");
    }
    return new SessionRecord(
        now.session().id(),
        now.session().suite(),
        published.roster().roster(),
        published.inputs().survivors(),
        published.signatures().set(),
        publishedDigest(summed));
  }

  /**
   * Where the coordinator adds the noise, sums have none: who knows all updates but one could try
   * whether a digest is that of the sum without it.
   */
  private ContentHash publishedDigest(SessionState.Summed summed) {
    return plan().noise().filter(NoisePlan::isCentral).isPresent()
        ? SumDigest.WITHHELD
        : summed.sumDigest();
  }

  // ---- waiting for the next transition ----

  /** What this device is told now. */
  SessionProgress progressFor(ClientId client) {
    SessionProgress end = ending;
    if (end != null) {
      return end;
    }
    Present now = present;
    SessionState state = now.session().state();
    return state instanceof SessionState.Aborted aborted
        ? SessionProgress.aborted(aborted.rosterSize(), aborted.reason())
        : SessionProgress.at(
            stageOf(now.session()), state.rosterSize(), now.published().at(state, client));
  }

  /** What the session waits for, as devices see it. */
  Stage stage() {
    SessionProgress end = ending;
    return end != null ? end.stage() : stageOf(session());
  }

  private static Stage stageOf(Session session) {
    return session.state() instanceof SessionState.Summed && !session.suite().isSecure()
        ? Stage.INPUT
        : session.state().stage();
  }

  /** Completes when the session leaves the stage; the caller bounds the time. */
  CompletableFuture<Stage> afterLeaving(Stage known) {
    CompletableFuture<Stage> next = new CompletableFuture<>();
    waiting.put(next, known);
    return next;
  }

  void stopWaiting(CompletableFuture<Stage> next) {
    waiting.remove(next);
  }

  /** Makes a transition visible: only after it is durable. */
  void publish(Session next, Published published, Runnable afterTheFirst) {
    present = new Present(next, published);
    tellWaiting(afterTheFirst);
  }

  /** Its round is over: tells devices how. */
  public void end(SessionProgress progress) {
    ending = progress;
    tellWaiting(() -> {});
  }

  private void tellWaiting(Runnable afterTheFirst) {
    Stage stage = stage();
    boolean told = false;
    for (Map.Entry<CompletableFuture<Stage>, Stage> call : waiting.entrySet()) {
      // Whoever is told of the new stage may be back, waiting for its end, before this loop is
      // over: to wake it again without news would send it into a pause.
      if (call.getValue() != stage && call.getKey().complete(stage) && !told) {
        told = true;
        afterTheFirst.run();
      }
    }
  }
}
