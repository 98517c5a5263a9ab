package io.tacit.coordinator.rounds;

import io.tacit.coordinator.Coordinator;
import io.tacit.coordinator.aggregation.InMemoryUpdateLog;
import io.tacit.coordinator.aggregation.UpdateLog;
import io.tacit.coordinator.database.Database;
import io.tacit.coordinator.models.ArtifactStore;
import io.tacit.coordinator.models.ModelVersion;
import io.tacit.coordinator.plans.PlanFile;
import io.tacit.coordinator.plans.TestPlans;
import io.tacit.coordinator.sessions.Cut;
import io.tacit.coordinator.sessions.Session;
import io.tacit.coordinator.sessions.Sessions;
import io.tacit.coordinator.sessions.Tickets;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.RoundId;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.testing.SettableClock;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A coordinator in memory whose clock and conductor the test moves. */
final class TestCoordinator implements AutoCloseable {

  static final RoundSettings SETTINGS =
      new RoundSettings(Duration.ofSeconds(1), 5_000, Duration.ofSeconds(25), 1L << 20);

  static final byte[] TICKET_KEY = new byte[Tickets.LENGTH];

  final SettableClock clock;
  final Database database;
  final UpdateLog log;
  final Path directory;
  final RoundSettings settings;

  /** Transitions in the order in which the listener heard of them. */
  final List<Round> heard = new ArrayList<>();

  /** Called at each cut; a test may break something there. */
  Consumer<Cut> atCut = cut -> {};

  final Coordinator coordinator;

  private TestCoordinator(
      SettableClock clock, Database database, UpdateLog log, Path directory, RoundSettings limits) {
    this.clock = clock;
    this.database = database;
    this.log = log;
    this.directory = directory;
    this.settings = limits;
    this.coordinator =
        new Coordinator(
            new Coordinator.Storage(database, new ArtifactStore(directory), log, TICKET_KEY),
            limits,
            clock,
            new SecureRandom(),
            new RoundListener() {
              @Override
              public void onTransition(Round round) {
                heard.add(round);
              }

              @Override
              public void onCut(Cut cut) {
                atCut.accept(cut);
              }
            });
  }

  static TestCoordinator in(Path directory) {
    return with(directory, SETTINGS);
  }

  static TestCoordinator with(Path directory, RoundSettings settings) {
    SettableClock clock = SettableClock.create();
    return new TestCoordinator(
        clock, Database.inMemory(), new InMemoryUpdateLog(1 << 20, clock), directory, settings);
  }

  static TestCoordinator over(
      SettableClock clock, Database database, UpdateLog log, Path directory) {
    return new TestCoordinator(clock, database, log, directory, SETTINGS);
  }

  /** What a new process finds where this one was killed: all but the memory. */
  TestCoordinator restarted() {
    return new TestCoordinator(clock, database, log, directory, settings);
  }

  /** A plan of 10 parameters; deadlines 60 s, 10 s and 20 s; at most 1.5 times size assigned. */
  static TrainingPlan plan(String id, int version, int size, int minimum, int rounds) {
    return parse(
        """
        id: %s
        version: %d
        population: test
        model: {kind: tabular, layers: [{units: 3, activation: relu}, {units: 1, activation: sigmoid}]}
        features: {label: bought, list: [{name: age, numeric: {mean: 40, standard-deviation: 12}}]}
        cohort: {size: %d, minimum: %d, over-selection: 1.5}
        deadlines: {train: 60s, advertise: 10s, input: 20s}
        server-optimiser: {kind: fed-adam, learning-rate: 0.1, tau: 0.001}
        aggregation: {mode: plain, development: true}
        rounds: %d
        """
            .formatted(id, version, size, minimum, rounds));
  }

  static TrainingPlan parse(String text) {
    return PlanFile.parse(text, TestPlans.NO_CATALOGUES);
  }

  /** Puts the plan in force and opens its first round. */
  TrainingPlan apply(TrainingPlan plan) {
    coordinator.plans().apply(plan);
    tick();
    return plan;
  }

  void tick() {
    coordinator.conductor().tick();
  }

  void pass(Duration time) {
    clock.advance(time);
    tick();
  }

  Rounds rounds() {
    return coordinator.rounds();
  }

  Round round(TrainingPlan plan, long number) {
    return coordinator.roundStore().find(new RoundId(plan.id(), number)).orElseThrow();
  }

  Sessions sessions() {
    return coordinator.sessions();
  }

  /** The only session of a round in mode PLAIN. */
  Session session(TrainingPlan plan, long number) {
    return coordinator.sessionStore().of(new RoundId(plan.id(), number)).get(0);
  }

  ScriptedDevice device(int number) {
    return new ScriptedDevice(coordinator, number);
  }

  /** Devices first, first + 1, ... that have joined the open round. */
  List<ScriptedDevice> joined(int first, int count) {
    List<ScriptedDevice> devices = new ArrayList<>();
    for (int i = first; i < first + count; i++) {
      ScriptedDevice device = device(i);
      device.join();
      devices.add(device);
    }
    return devices;
  }

  ModelVersion latest(PlanId plan) {
    return coordinator.models().latest(plan).orElseThrow();
  }

  ModelParameters model(PlanId plan) {
    return coordinator.models().parameters(latest(plan));
  }

  List<String> heardStates() {
    return heard.stream().map(round -> round.id().number() + " " + round.state().word()).toList();
  }

  @Override
  public void close() {
    coordinator.close();
  }
}
