package io.tacit.coordinator.service.rpc;

import io.grpc.BindableService;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.tacit.coordinator.service.access.Admission;
import io.tacit.coordinator.service.rpc.GrpcServerSettings.Calls;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * What devices can call here, each service behind its guards. Where that is enrolment alone, the
 * others are not even made: what they work on is not there.
 */
@Singleton
final class DeviceServices {

  private final GrpcServerSettings settings;
  private final EnrolmentGrpcService enrolment;
  private final Instance<BindableService> all;
  private final Instance<Admission> admission;
  private final RefusalLog refusals;

  DeviceServices(
      GrpcServerSettings settings,
      EnrolmentGrpcService enrolment,
      @Any Instance<BindableService> all,
      Instance<Admission> admission,
      RefusalLog refusals) {
    this.settings = settings;
    this.enrolment = enrolment;
    this.all = all;
    this.admission = admission;
    this.refusals = refusals;
  }

  /** To be put on a server. */
  List<ServerServiceDefinition> definitions() {
    if (settings.calls() == Calls.ENROLMENT) {
      return List.of(MessageGuard.guard(enrolment.bindService()));
    }
    Admission rules = admission.get();
    // Admission reads messages, so it is behind the guard, which hands on what is one.
    return all.stream().map(service -> MessageGuard.guard(admitting(service, rules))).toList();
  }

  private ServerServiceDefinition admitting(BindableService service, Admission rules) {
    return rules.enrolledOnly()
        ? ServerInterceptors.intercept(
            service.bindService(),
            new AdmissionInterceptor(rules.tokens(), refusals, settings.clientCertificates()))
        : service.bindService();
  }
}
