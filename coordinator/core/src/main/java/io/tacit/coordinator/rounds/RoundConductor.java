package io.tacit.coordinator.rounds;

import io.tacit.coordinator.aggregation.CorruptLogException;
import io.tacit.coordinator.aggregation.UpdateLogUnavailableException;
import io.tacit.coordinator.database.DatabaseUnavailableException;
import io.tacit.coordinator.models.ModelVersion;
import io.tacit.coordinator.plans.PlanRegistry;
import io.tacit.coordinator.plans.RegisteredPlan;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Stage;
import java.io.ByteArrayOutputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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

  private final PlanRegistry plans;
  private final RoundStore store;
  private final LiveRounds live;
  private final RoundOpener opener;
  private final RoundCloser closer;
  private final Conduct conduct;
  private final Semaphore newFacts = new Semaphore(0);
  private final Thread thread = new Thread(this::conduct, "round-conductor");
  private volatile boolean closed;
  private long lastTickNanos;

  /**
   * Plans whose latest failure was logged already, so that a broken disk does not flood the log.
   */
  private final Map<Object, String> reported = new ConcurrentHashMap<>();

  /**
   * How the conductor goes about it.
   *
   * @param clock the time
   * @param settings limits
   * @param pace learns how long rounds take
   * @param listener hears of transitions
   */
  record Conduct(Clock clock, RoundSettings settings, PaceSteering pace, RoundListener listener) {}

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
  }

  /** Takes up unfinished rounds, then conducts on a thread of its own until it is closed. */
  public void start() {
    recover();
    thread.setDaemon(true);
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
        while (!closed && System.nanoTime() - lastTickNanos < TICK.toNanos()) {
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

  // ---- one look ----

  /**
   * Looks at everything once: for a driver that has a clock and a thread of its own, such as the
   * simulator. Not beside {@link #start}.
   */
  public void tick() {
    lastTickNanos = System.nanoTime();
    guard("plans", this::openAndAbandon);
    advanceAll();
  }

  private void openAndAbandon() {
    List<RegisteredPlan> inForce = plans.list();
    Set<ContentHash> hashes =
        inForce.stream().map(RegisteredPlan::hash).collect(Collectors.toSet());
    for (LiveRound round : live.all()) {
      if (!hashes.contains(round.round().planHash())) {
        guard(round.round().id(), () -> abandon(round, "a newer version of the plan was applied"));
      }
    }
    for (RegisteredPlan plan : inForce) {
      if (plan.state() == RegisteredPlan.State.ACTIVE && live.of(plan.plan().id()) == null) {
        guard(plan.plan().id(), () -> openNext(plan));
      }
    }
  }

  private void openNext(RegisteredPlan plan) {
    ModelVersion base = closer.latest(plan.plan().id());
    if (base.version() >= plan.plan().rounds()) {
      closer.finish(plan.plan());
      return;
    }
    LiveRound opened = opener.open(plan.plan(), plan.hash(), base, conduct.clock().instant());
    live.add(opened);
    told(opened.round());
  }

  private void advanceAll() {
    for (LiveRound round : live.all()) {
      guard(round.round().id(), () -> advance(round));
    }
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
    int joined = round.joinedCount();
    int minimum = round.plan().cohort().minimum();
    if (joined >= round.plan().cohort().size()
        || (joined >= minimum && isPast(round.rosterDeadline()))) {
      freezeRoster(round);
    } else if (isPast(round.trainDeadline())) {
      abandon(
          round,
          joined
              + " devices had joined when the time to train was over, the plan asks for at least "
              + minimum);
    }
  }

  private void freezeRoster(LiveRound round) {
    round.log().freeze(Stage.ADVERTISE);
    // What is durable in the log is the roster; an answer that is still on its way to us included.
    List<ClientId> roster = opener.roster(round);
    Instant deadline = conduct.clock().instant().plus(round.plan().deadlines().input());
    move(round, new RoundState.Collecting(roster.size(), rosterHash(roster)), deadline);
  }

  private static ContentHash rosterHash(List<ClientId> roster) {
    ByteArrayOutputStream ids = new ByteArrayOutputStream(roster.size() * ClientId.LENGTH);
    roster.stream()
        .map(ClientId::toHex)
        .sorted()
        .map(ClientId::fromHex)
        .forEach(client -> ids.writeBytes(client.toBytes()));
    return ContentHash.of(ids.toByteArray());
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
    closer.commit(next, round.plan(), step);
    end(round, next);
  }

  private void abandon(LiveRound round, String reason) {
    int rosterSize =
        round.round().state() instanceof RoundState.Collecting collecting
            ? collecting.rosterSize()
            : 0;
    Round next = transition(round, new RoundState.Abandoned(rosterSize, reason), null);
    store.move(next);
    end(round, next);
  }

  private void end(LiveRound round, Round next) {
    round.publish(next);
    live.remove(round);
    closer.forget(round);
    conduct.pace().roundTook(Duration.between(next.openedAt(), conduct.clock().instant()));
    told(next);
    // The next round need not wait for the next tick.
    lastTickNanos -= TICK.toNanos();
    guard("log of " + next.id(), () -> opener.drop(next.session()));
  }

  private void move(LiveRound round, RoundState state, @Nullable Instant deadline) {
    Round next = transition(round, state, deadline);
    store.move(next);
    round.publish(next);
    told(next);
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

  private void told(Round round) {
    LOG.infof("Round %s: %s", round.id(), round.state());
    conduct.listener().onTransition(round);
  }

  private boolean isPast(@Nullable Instant deadline) {
    return deadline != null && !conduct.clock().instant().isBefore(deadline);
  }

  // ---- after a restart ----

  private void recover() {
    Instant now = conduct.clock().instant();
    for (Round round : store.unfinished()) {
      RegisteredPlan plan =
          plans
              .find(round.id().plan(), round.planVersion())
              .orElseThrow(IllegalStateException::new);
      try {
        live.add(opener.resume(withGrace(round, now), plan.plan(), now));
      } catch (CorruptLogException e) {
        LOG.errorf(e, "Round %s is abandoned: its log is damaged", round.id());
        store.move(
            round.moveTo(
                new RoundState.Abandoned(0, "its log is damaged: " + e.getMessage()),
                round.assigned(),
                round.bytesUp(),
                null,
                now));
      }
    }
    opener.dropAllBut(live);
  }

  /** Devices back off while the coordinator is away: give them time to come back. */
  private Round withGrace(Round round, Instant now) {
    Instant deadline = round.deadline();
    Instant earliest = now.plus(conduct.settings().restartGrace());
    if (deadline == null || deadline.isAfter(earliest)) {
      return round;
    }
    return new Round(
        round.id(),
        round.session(),
        round.planVersion(),
        round.planHash(),
        round.baseVersion(),
        round.baseModel(),
        round.state(),
        round.revision(),
        round.assigned(),
        round.bytesUp(),
        round.openedAt(),
        earliest,
        null);
  }

  /**
   * Storage that is away is the one failure that a conductor waits out; anything else is a bug that
   * must not stop the other rounds, and is logged once for each change.
   */
  private void guard(Object subject, Runnable work) {
    try {
      work.run();
      if (reported.remove(subject) != null) {
        LOG.infof("Round work on %s goes on.", subject);
      }
    } catch (UpdateLogUnavailableException | DatabaseUnavailableException e) {
      if (!String.valueOf(e.getMessage())
          .equals(reported.put(subject, String.valueOf(e.getMessage())))) {
        LOG.errorf(e, "Round work on %s waits for its storage; free space or repair it.", subject);
      }
    } catch (RuntimeException e) {
      if (!String.valueOf(e).equals(reported.put(subject, String.valueOf(e)))) {
        LOG.errorf(e, "Round work on %s failed and is tried again", subject);
      }
    }
  }
}
