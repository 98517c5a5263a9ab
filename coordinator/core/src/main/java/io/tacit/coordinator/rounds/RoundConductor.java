package io.tacit.coordinator.rounds;

import io.tacit.coordinator.aggregation.CorruptLogException;
import io.tacit.coordinator.models.ModelVersion;
import io.tacit.coordinator.plans.PlanRegistry;
import io.tacit.coordinator.plans.RegisteredPlan;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Stage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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
  private final RoundOpener opener;
  private final RoundCloser closer;
  private final RoundRecovery recovery;
  private final Conduct conduct;
  private final Semaphore newFacts = new Semaphore(0);
  private final Thread thread = new Thread(this::conduct, "round-conductor");
  private volatile boolean closed;
  private volatile long lastTickNanos;

  /** For the conductor's thread alone. */
  private boolean nextTickAtOnce;

  private final Retries retries;

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
    }
  }

  RoundConductor(
      PlanRegistry plans,
      RoundStore store,
      LiveRounds live,
      RoundOpener opener,
      RoundCloser closer,
      Conduct conduct) {
    this.plans = plans;
    this.store = store;
    this.live = live;
    this.opener = opener;
    this.closer = closer;
    this.conduct = conduct;
    this.recovery = new RoundRecovery(plans, store, live, opener, closer, conduct);
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
    retries.run("logs of rounds that are over", closer::tidy);
    advanceAll();
  }

  private void openAndAbandon() {
    List<RegisteredPlan> inForce = plans.list();
    Set<ContentHash> hashes =
        inForce.stream().map(RegisteredPlan::hash).collect(Collectors.toSet());
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
      recovery.takeUp(begun.get());
      return;
    }
    ModelVersion base = closer.latest(plan.plan().id());
    if (base.version() >= plan.plan().rounds()) {
      closer.finish(plan.plan());
      return;
    }
    LiveRound opened = opener.open(plan.plan(), plan.hash(), base, conduct.clock().instant());
    live.add(opened);
    conduct.tell(opened.round());
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
          if (round.isInDoubt() && cameThrough(round)) {
            return;
          }
          try {
            work.run();
          } catch (CorruptLogException e) {
            abandon(round, RoundRecovery.damaged(e));
          }
        });
  }

  /** Asks the database whether the transition came through that failed while it was written. */
  private boolean cameThrough(LiveRound round) {
    Round stored = store.findBySession(round.round().session()).orElseThrow();
    boolean moved = stored.revision() != round.round().revision();
    if (moved) {
      store.makeDurable();
      show(round, stored);
    }
    round.setInDoubt(false);
    return moved;
  }

  private void advance(LiveRound round) {
    RoundState state = round.round().state();
    if (state instanceof RoundState.Open) {
      advanceOpen(round);
    } else if (state instanceof RoundState.Collecting collecting) {
      advanceCollecting(round, collecting);
    }
  }

  private void advanceOpen(LiveRound round) {
    // In this order: devices join meanwhile, and who filled the roster must be counted as present.
    boolean full = round.joinedCount() >= round.plan().cohort().size();
    int present = round.presentCount();
    int minimum = round.plan().cohort().minimum();
    boolean trainingIsOver = isPast(round.trainDeadline());
    if (present >= minimum && (full || trainingIsOver || isPast(round.rosterDeadline()))) {
      freezeRoster(round);
    } else if (trainingIsOver) {
      abandon(
          round,
          present
              + " devices had joined when the time to train was over, the plan asks for at least "
              + minimum);
    } else if (full) {
      abandon(
          round,
          "the roster is full but only "
              + present
              + " devices have not left again, the plan asks for at least "
              + minimum);
    }
  }

  private void freezeRoster(LiveRound round) {
    round.log().freeze(Stage.ADVERTISE);
    // What is durable in the log is the roster; an answer that is still on its way to us included.
    Roster roster = opener.roster(round);
    Instant deadline = conduct.clock().instant().plus(round.plan().deadlines().input());
    move(round, new RoundState.Collecting(roster.size(), roster.hash()), deadline);
  }

  private void advanceCollecting(LiveRound round, RoundState.Collecting collecting) {
    closer.foldWhatCame(round);
    if (!round.allInOrGone() && !isPast(round.round().deadline())) {
      return;
    }
    round.log().freeze(Stage.INPUT);
    int contributors = closer.foldWhatCame(round);
    int minimum = round.plan().cohort().minimum();
    if (contributors < minimum) {
      abandon(
          round,
          contributors
              + " of "
              + collecting.rosterSize()
              + " devices had brought their update when the round closed, the plan asks for at"
              + " least "
              + minimum);
      return;
    }
    RoundCloser.Outcome outcome = closer.takeStep(round);
    if (outcome instanceof RoundCloser.Outcome.Unusable unusable) {
      abandon(round, unusable.reason());
    } else if (outcome instanceof RoundCloser.Outcome.Step step) {
      complete(round, collecting, step);
    }
  }

  private void complete(
      LiveRound round, RoundState.Collecting collecting, RoundCloser.Outcome.Step step) {
    RoundState.Completed completed =
        new RoundState.Completed(
            collecting.rosterSize(), step.contributors(), step.model().hash(), step.meanLoss());
    Round next = transition(round, completed, null);
    persist(round, next, () -> closer.commit(next, round.plan(), step));
  }

  private void abandon(LiveRound round, String reason) {
    move(round, new RoundState.Abandoned(round.round().state().rosterSize(), reason), null);
  }

  private void move(LiveRound round, RoundState state, @Nullable Instant deadline) {
    Round next = transition(round, state, deadline);
    persist(round, next, () -> store.move(next));
  }

  /** Makes a transition durable, then shows it. */
  private void persist(LiveRound round, Round next, Runnable write) {
    round.setInDoubt(true);
    write.run();
    round.setInDoubt(false);
    show(round, next);
  }

  private void show(LiveRound round, Round next) {
    round.publish(next);
    if (next.state().stage().isTerminal()) {
      live.remove(round);
      closer.forget(next);
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

  private Round transition(LiveRound round, RoundState state, @Nullable Instant deadline) {
    return round
        .round()
        .moveTo(
            state,
            round.assignedCount(),
            round.bytesUp(),
            deadline,
            state.stage().isTerminal() ? conduct.clock().instant() : null);
  }

  private boolean isPast(@Nullable Instant deadline) {
    return deadline != null && !conduct.clock().instant().isBefore(deadline);
  }

  // ---- after a restart ----

  /** Takes up the rounds that an earlier process left: once, before devices are let in. */
  void recover() {
    List<Round> unfinished = store.unfinished();
    for (Round round : unfinished) {
      retries.run(round.id(), () -> recovery.takeUp(round));
    }
    closer.forgetAllBut(unfinished.stream().map(Round::session).collect(Collectors.toSet()));
  }
}
