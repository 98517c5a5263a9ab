package io.tacit.coordinator.service.wiring;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.tacit.coordinator.Coordinator;
import io.tacit.coordinator.aggregation.SpoolSettings;
import io.tacit.coordinator.audit.AuditLog;
import io.tacit.coordinator.metrics.MetricLedger;
import io.tacit.coordinator.models.ArtifactStore;
import io.tacit.coordinator.models.ModelRegistry;
import io.tacit.coordinator.plans.PlanRegistry;
import io.tacit.coordinator.plans.TaskKeys;
import io.tacit.coordinator.release.CurrentModels;
import io.tacit.coordinator.release.ReleaseGuard;
import io.tacit.coordinator.release.ReleaseRegistry;
import io.tacit.coordinator.rounds.RoundListener;
import io.tacit.coordinator.rounds.RoundSettings;
import io.tacit.coordinator.rounds.RoundStore;
import io.tacit.coordinator.rounds.Rounds;
import io.tacit.coordinator.service.admin.ApiSurface;
import io.tacit.coordinator.service.people.AdminTokenFile;
import io.tacit.coordinator.service.rpc.GrpcServer;
import io.tacit.coordinator.service.rpc.GrpcServerSettings;
import io.tacit.coordinator.service.rpc.GrpcServerSettings.Calls;
import io.tacit.coordinator.service.rpc.StreamLimits;
import io.tacit.coordinator.service.wiring.CoordinatorConfiguration.Role;
import io.tacit.coordinator.sessions.DeviceTrust;
import io.tacit.coordinator.sessions.SessionStore;
import io.tacit.coordinator.sessions.Sessions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;

/**
 * The coordinator and its doors as beans; conducting begins when the service has started. In a
 * process that is an authority alone, nobody asks for the coordinator, and none is opened.
 */
@ApplicationScoped
class CoordinatorBeans {

  private final CoordinatorConfiguration configuration;

  CoordinatorBeans(CoordinatorConfiguration configuration) {
    this.configuration = configuration;
  }

  @Produces
  @Singleton
  Clock clock() {
    return Clock.systemUTC();
  }

  @Produces
  @Singleton
  Premises premises(Clock clock, RoundMetrics metrics, DeviceTrust trust) {
    return switch (configuration.role()) {
      case COORDINATOR -> Premises.of(open(clock, metrics, trust), configuration.dataDirectory());
      case AUTHORITY -> Premises.ofAuthority(configuration.dataDirectory(), clock);
    };
  }

  private Coordinator open(Clock clock, RoundMetrics metrics, DeviceTrust trust) {
    RoundListener listener =
        configuration
            .haltAfter()
            .<RoundListener>map(setting -> new Listeners(List.of(metrics, CrashPoint.of(setting))))
            .orElse(metrics);
    RoundSettings settings =
        new RoundSettings(
            configuration.comeBackMin(),
            configuration.awaitCallsMax(),
            configuration.restartGrace(),
            configuration.checkpointBytes());
    return new Coordinator(
        Coordinator.Storage.open(configuration.dataDirectory(), SpoolSettings.defaults(), clock),
        settings,
        clock,
        new SecureRandom(),
        trust,
        listener);
  }

  @Produces
  @Singleton
  Coordinator coordinator(Premises premises) {
    return premises
        .coordinator()
        .orElseThrow(
            () -> new IllegalStateException("tacit.role is authority: there is no coordinator"));
  }

  /** What of the REST API is here. */
  @Produces
  @Singleton
  ApiSurface apiSurface() {
    return isAuthority() ? ApiSurface.ofAuthority() : ApiSurface.whole();
  }

  private boolean isAuthority() {
    return configuration.role() == Role.AUTHORITY;
  }

  @Produces
  @Singleton
  TaskKeys taskKeys() {
    return configuration.taskKeys().map(TaskKeys::read).orElse(TaskKeys.none());
  }

  @Produces
  @Singleton
  GrpcServerSettings grpcServerSettings() {
    return new GrpcServerSettings(
        configuration.grpc().host(),
        configuration.grpc().port(),
        new Encryption(configuration).keys(),
        AdmissionBeans.certificatesShown(configuration),
        isAuthority() ? Calls.ENROLMENT : Calls.ALL);
  }

  @Produces
  @Singleton
  StreamLimits streamLimits() {
    return new StreamLimits(configuration.streamsMax(), configuration.streamIdle());
  }

  @Produces
  @Singleton
  Rounds rounds(Coordinator coordinator) {
    return coordinator.rounds();
  }

  @Produces
  @Singleton
  Sessions sessions(Coordinator coordinator) {
    return coordinator.sessions();
  }

  @Produces
  @Singleton
  SessionStore sessionStore(Coordinator coordinator) {
    return coordinator.sessionStore();
  }

  @Produces
  @Singleton
  RoundStore roundStore(Coordinator coordinator) {
    return coordinator.roundStore();
  }

  @Produces
  @Singleton
  PlanRegistry plans(Coordinator coordinator) {
    return coordinator.plans();
  }

  @Produces
  @Singleton
  ModelRegistry models(Coordinator coordinator) {
    return coordinator.models();
  }

  @Produces
  @Singleton
  ReleaseRegistry releases(Coordinator coordinator) {
    return coordinator.releases();
  }

  @Produces
  @Singleton
  ReleaseGuard guard(Coordinator coordinator) {
    return coordinator.guard();
  }

  @Produces
  @Singleton
  MetricLedger metrics(Coordinator coordinator) {
    return coordinator.metrics();
  }

  @Produces
  @Singleton
  CurrentModels currentModels(Coordinator coordinator) {
    return coordinator.currentModels();
  }

  @Produces
  @Singleton
  ArtifactStore artifacts(Coordinator coordinator) {
    return coordinator.artifacts();
  }

  @Produces
  @Singleton
  AuditLog auditLog(Premises premises) {
    return premises.audit();
  }

  @Produces
  @Singleton
  AdminTokenFile adminTokenFile(Premises premises) {
    return new AdminTokenFile(premises.directory().resolve("admin-token.sha256"));
  }

  /** The task keys are asked for too: a file that is wrong should end the start, not a request. */
  void start(
      @Observes StartupEvent event,
      Premises premises,
      TaskKeys keys,
      AuthorityUpkeep upkeep,
      GrpcServer server) {
    premises.coordinator().ifPresent(coordinator -> coordinator.conductor().start());
    upkeep.start();
    server.start();
  }

  void stop(
      @Observes ShutdownEvent event, Premises premises, AuthorityUpkeep upkeep, GrpcServer server) {
    server.stop();
    upkeep.close();
    premises.close();
  }
}
