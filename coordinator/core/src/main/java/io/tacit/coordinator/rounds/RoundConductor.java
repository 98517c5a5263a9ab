package io.tacit.coordinator.rounds;

import io.tacit.coordinator.models.ModelVersion;
import io.tacit.coordinator.plans.PlanRegistry;
import io.tacit.coordinator.plans.RegisteredPlan;
import io.tacit.coordinator.privacy.PrivacyLedger;
import io.tacit.coordinator.sessions.Cut;
import io.tacit.coordinator.sessions.LiveSession;
import io.tacit.coordinator.sessions.Session;
import io.tacit.coordinator.sessions.SessionCourse;
import io.tacit.coordinator.sessions.SessionState;
import io.tacit.protocol.ContentHash;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Moves rounds: the one thread that turns the facts that RPC threads recorded into transitions. In
 * each, it validates, persists, then publishes; so whoever hears of a transition can rely on it,
 * whatever dies.
 *
 * <p>Broken storage stops a round where it is; it goes on when the storage is back.
 */
public final class RoundConductor implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(RoundConductor.class);

  /** How often deadlines and plans are looked at; facts wake the conductor at once. */
  private static final Duration TICK = Duration.ofMillis(100);

  private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

  /** Longer than any one step should take, also the sum of a large round. */
  private static final Duration STALLED_AFTER = Duration.ofMinutes(1);

  private final PlanRegistry plans;
  private final RoundStore store;
  private final LiveRounds live;
  private final Steps steps;
  private final Conduct conduct;
  private final Semaphore newFacts = new Semaphore(0);
  private final Thread thread = new Thread(this::conduct, "round-conductor");
  private volatile boolean closed;
  private volatile long lastTickNanos;

  /** For the conductor's thread alone. */
  private boolean nextTickAtOnce;

  /** Plans in force whose privacy budget is spent; for the conductor's thread alone. */
  private final Set<ContentHash> overBudget = new HashSet<>();

  private final Retries retries;

  /**
   * What the conductor does things by.
   *
   * @param ledger says which rounds the plans' budgets allow
   * @param opener begins rounds
   * @param recovery takes up those of an earlier process
   * @param course moves sessions
   * @param closer makes the next model
   */
  record Steps(
      PrivacyLedger ledger,
      RoundOpener opener,
      RoundRecovery recovery,
      SessionCourse course,
      RoundCloser closer) {}

  /**
   * How the conductor goes about it.
   *
   * @param clock the time
   * @param settings limits
   * @param pace learns how long rounds take
   * @param listener hears of transitions
   */
  record Conduct(Clock clock, RoundSettings settings, PaceSteering pace, RoundListener listener) {

    /** A transition is durable and visible. */
    void tell(Round round) {
      LOG.infof("Round %s: %s", round.id(), round.state());
      listener.onTransition(round);
      cut(round, Cut.Moment.AFTER_SEND);
    }

    void cut(Round round, Cut.Moment moment) {
      listener.onCut(new Cut("round." + round.state().word(), moment));
    }
  }

  RoundConductor(
      PlanRegistry plans, RoundStore store, LiveRounds live, Steps steps, Conduct conduct) {
    this.plans = plans;
    this.store = store;
    this.live = live;
    this.steps = steps;
    this.conduct = conduct;
    this.retries = new Retries(conduct.clock());
  }

  /** Conducts on a thread of its own until it is closed. To be called once. */
  public void start() {
    thread.setDaemon(true);
    thread.setUncaughtExceptionHandler(
        (dead, e) ->
            LOG.fatal("The conductor has died, no round moves any more; restart the service", e));
    thread.start();
  }

  /** There are new facts. Returns at once; any thread may call it. */
  public void wake() {
    newFacts.release();
  }

  private void conduct() {
    try {
      while (!closed) {
        tick();
        while (!closed && !nextTickAtOnce && System.nanoTime() - lastTickNanos < TICK.toNanos()) {
          if (newFacts.tryAcquire(TICK.toMillis(), TimeUnit.MILLISECONDS)) {
            newFacts.drainPermits();
            advanceAll();
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops after the transition at hand. Rounds stay where they are and go on after a restart. */
  @Override
  public void close() {
    closed = true;
    wake();
    try {
      thread.join(STOP_WITHIN.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      LOG.warnf("The conductor is still busy after %s; the process may be stopped.", STOP_WITHIN);
    }
  }

  /** Whether rounds move: the conductor's thread lives and has looked at them a moment ago. */
  public boolean isConducting() {
    return thread.isAlive() && System.nanoTime() - lastTickNanos < STALLED_AFTER.toNanos();
  }

  // ---- one look ----

  /**
   * Looks at everything once: for a driver that has a clock and a thread of its own, such as the
   * simulator. Not beside {@link #start}.
   */
  public void tick() {
    lastTickNanos = System.nanoTime();
    nextTickAtOnce = false;
    retries.run("plans", this::openAndAbandon);
    retries.run("logs of rounds that are over", steps.course()::tidy);
    advanceAll();
  }

  private void openAndAbandon() {
    List<RegisteredPlan> inForce = plans.list();
    Set<ContentHash> hashes =
        inForce.stream().map(RegisteredPlan::hash).collect(Collectors.toSet());
    overBudget.retainAll(hashes);
    for (LiveRound round : live.all()) {
      if (!hashes.contains(round.round().planHash())) {
        workOn(round, () -> abandon(round, "a newer version of the plan was applied"));
      }
    }
    Instant now = conduct.clock().instant();
    for (RegisteredPlan plan : inForce) {
      // No device follows a plan that has expired; a round that is under way may end.
      if (plan.state() == RegisteredPlan.State.ACTIVE
          && !plan.plan().isExpired(now)
          && live.of(plan.plan().id()) == null) {
        retries.run(plan.plan().id(), () -> openNext(plan));
      }
    }
  }

  private void openNext(RegisteredPlan plan) {
    Optional<Round> begun = store.unfinished(plan.plan().id());
    if (begun.isPresent()) {
      // Storage failed while it was being opened or taken up.
      store.makeDurable();
      takeUp(begun.get());
      return;
    }
    ModelVersion base = steps.closer().latest(plan.plan().id());
    if (base.version() >= plan.plan().rounds()) {
      steps.closer().finish(plan.plan());
      return;
    }
    if (isOverBudget(plan)) {
      return;
    }
    LiveRound opened =
        steps.opener().open(plan.plan(), plan.hash(), base, conduct.clock().instant());
    live.add(opened);
    conduct.tell(opened.round());
  }

  /**
   * Whether the plan's privacy budget is spent: that never changes while its version is in force.
   */
  private boolean isOverBudget(RegisteredPlan plan) {
    if (overBudget.contains(plan.hash())) {
      return true;
    }
    Optional<String> objection = steps.ledger().objectionTo(plan.plan());
    objection.ifPresent(
        reason -> {
          LOG.warnf("Plan %s gets no more rounds: %s", plan.plan().id(), reason);
          overBudget.add(plan.hash());
        });
    return objection.isPresent();
  }

  private void advanceAll() {
    for (LiveRound round : live.all()) {
      workOn(round, () -> advance(round));
    }
  }

  /** Does the work unless the round has moved on without our knowledge. */
  private void workOn(LiveRound round, Runnable work) {
    retries.run(
        round.round().id(),
        () -> {
          if (!round.isInDoubt() || !cameThrough(round)) {
            work.run();
          }
        });
  }

  /** Asks the database whether the transition came through that failed while it was written. */
  private boolean cameThrough(LiveRound round) {
    Round stored = store.find(round.round().id()).orElseThrow();
    boolean moved = stored.revision() != round.round().revision();
    if (moved) {
      store.makeDurable();
      show(round, stored);
    }
    round.setInDoubt(false);
    return moved;
  }

  private void advance(LiveRound round) {
    Instant trainDeadline = round.trainDeadline();
    for (LiveSession session : round.sessions()) {
      // Each for itself: what one of them waits for is none of the others' concern.
      retries.run(
          session.session().id(), () -> steps.course().advance(session, isPast(trainDeadline)));
    }
    round.addSums();
    if (round.round().state() instanceof RoundState.Open && !round.isFilling()) {
      if (round.rosterSize() > 0 && !hasNobody(round)) {
        move(round, new RoundState.Collecting(round.rosterSize()));
      } else {
        giveUp(round);
        return;
      }
    }
    if (round.round().state() instanceof RoundState.Collecting && round.areSessionsOver()) {
      close(round);
    }
  }

  private static boolean hasNobody(LiveRound round) {
    return round.records().stream()
        .allMatch(session -> session.state() instanceof SessionState.Aborted);
  }

  private void close(LiveRound round) {
    if (round.contributors() < round.plan().cohort().minimum()) {
      giveUp(round);
      return;
    }
    Optional<String> shortfall = round.noiseShortfall();
    if (shortfall.isPresent()) {
      abandon(round, shortfall.get());
      return;
    }
    RoundCloser.Outcome outcome = steps.closer().takeStep(round);
    if (outcome instanceof RoundCloser.Outcome.Unusable unusable) {
      abandon(round, unusable.reason());
    } else if (outcome instanceof RoundCloser.Outcome.Step step) {
      RoundState.Completed completed =
          new RoundState.Completed(
              round.rosterSize(),
              step.contributors(),
              step.model().hash(),
              step.meanLoss(),
              steps.closer().storeRecord(round, step.model().hash()));
      Round next = transition(round, completed);
      persist(round, next, () -> steps.closer().commit(next, round.plan(), step));
    }
  }

  /** Too few updates were summed for a model. */
  private void giveUp(LiveRound round) {
    List<Session> sessions = round.records();
    if (sessions.size() == 1 && sessions.get(0).state() instanceof SessionState.Aborted only) {
      abandon(round, only.reason());
      return;
    }
    abandon(
        round,
        round.contributors()
            + " updates were summed, the plan asks for at least "
            + round.plan().cohort().minimum()
            + ": "
            + round.account());
  }

  private void abandon(LiveRound round, String reason) {
    for (LiveSession session : round.sessions()) {
      steps.course().abort(session, reason);
    }
    move(round, new RoundState.Abandoned(round.rosterSize(), reason));
  }

  private void move(LiveRound round, RoundState state) {
    Round next = transition(round, state);
    persist(round, next, () -> store.move(next));
  }

  /** Makes a transition durable, then shows it. */
  private void persist(LiveRound round, Round next, Runnable write) {
    round.setInDoubt(true);
    conduct.cut(next, Cut.Moment.BEFORE_COMMIT);
    write.run();
    conduct.cut(next, Cut.Moment.AFTER_COMMIT);
    round.setInDoubt(false);
    show(round, next);
  }

  private void show(LiveRound round, Round next) {
    round.setRound(next);
    if (next.state().isOver()) {
      live.remove(round);
      for (LiveSession session : round.sessions()) {
        RoundEndings.ending(next, session.session()).ifPresent(session::end);
        steps.course().forget(session);
      }
      steps.opener().remember(round);
      Instant began = round.firstAssignedAt();
      if (began != null) {
        // Not from its opening: a round may wait for days for its first device.
        conduct.pace().roundTook(Duration.between(began, conduct.clock().instant()));
      }
      // The next round need not wait for the next tick.
      nextTickAtOnce = true;
    }
    conduct.tell(next);
  }

  private Round transition(LiveRound round, RoundState state) {
    return round
        .round()
        .moveTo(
            state,
            round.assignedCount(),
            round.bytesUp(),
            state.isOver() ? conduct.clock().instant() : null);
  }

  private boolean isPast(@Nullable Instant deadline) {
    return deadline != null && !conduct.clock().instant().isBefore(deadline);
  }

  // ---- after a restart ----

  /** Takes up the rounds that an earlier process left: once, before devices are let in. */
  void recover() {
    List<Round> unfinished = store.unfinished();
    for (Round round : unfinished) {
      retries.run(round.id(), () -> takeUp(round));
    }
    steps.course().forgetAllBut(unfinished.stream().map(Round::id).toList());
  }

  private void takeUp(Round round) {
    LiveRound resumed = steps.recovery().takeUp(round);
    live.add(resumed);
    if (hasNobody(resumed)) {
      giveUp(resumed);
    }
  }
}
