package io.tacit.coordinator.service.wiring;

import io.tacit.coordinator.service.access.Admission;
import io.tacit.coordinator.service.access.CallTokens;
import io.tacit.coordinator.service.access.Challenges;
import io.tacit.coordinator.service.access.Logins;
import io.tacit.coordinator.service.access.Revocations;
import io.tacit.coordinator.service.access.SecretKey;
import io.tacit.coordinator.service.wiring.CoordinatorConfiguration.Devices;
import io.tacit.coordinator.service.wiring.CoordinatorConfiguration.Role;
import io.tacit.coordinator.service.wiring.CoordinatorConfiguration.Tls.ClientCertificates;
import io.tacit.coordinator.sessions.DeviceTrust;
import io.tacit.enrolment.BootstrapTokenMint;
import io.tacit.enrolment.CertificateVerifier;
import io.tacit.enrolment.EnrolmentAuthority;
import io.tacit.enrolment.RootCertificate;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Who may call, as beans: the authority of devices, and what checks certificates and tokens. */
@ApplicationScoped
class AdmissionBeans {

  private static final Logger LOG = Logger.getLogger(AdmissionBeans.class);

  private final CoordinatorConfiguration configuration;
  private final EnrolmentConfiguration enrolment;

  AdmissionBeans(CoordinatorConfiguration configuration, EnrolmentConfiguration enrolment) {
    this.configuration = configuration;
    this.enrolment = enrolment;
  }

  @Produces
  @Singleton
  DeviceAuthority deviceAuthority(Premises premises, Clock clock) {
    return switch (configuration.role()) {
      case COORDINATOR ->
          DeviceAuthority.ofCoordinator(
              enrolment, premises.directory().resolve("enrolment"), new SecureRandom(), clock);
      case AUTHORITY ->
          DeviceAuthority.alone(enrolment, premises.directory(), new SecureRandom(), clock);
    };
  }

  @Produces
  @Singleton
  Optional<EnrolmentAuthority> authority(DeviceAuthority authority) {
    return authority.embedded().map(EmbeddedAuthority::authority);
  }

  @Produces
  @Singleton
  Optional<BootstrapTokenMint> mint(DeviceAuthority authority) {
    return authority.embedded().map(EmbeddedAuthority::mint);
  }

  @Produces
  @Singleton
  RootCertificate root(DeviceAuthority authority) {
    return authority.root();
  }

  @Produces
  @Singleton
  Revocations revocations(DeviceAuthority authority) {
    return new Revocations(authority.revocations());
  }

  /** Asks for the authority when the first device comes: it lies in the coordinator's directory. */
  @Produces
  @Singleton
  DeviceTrust deviceTrust(
      Instance<RootCertificate> root, Instance<Revocations> revocations, Clock clock) {
    return enrolledOnly(configuration)
        ? new EnrolledDevices(
            () -> new CertificateVerifier(root.get(), revocations.get(), clock),
            () -> revocations.get().get())
        : DeviceTrust.ANYONE;
  }

  @Produces
  @Singleton
  CallTokens callTokens(Premises premises, Revocations revocations, Clock clock) {
    SecretKey key =
        SecretKey.openOrCreate(premises.directory().resolve("access.key"), new SecureRandom());
    return new CallTokens(key, revocations, clock);
  }

  @Produces
  @Singleton
  CertificateVerifier certificates(RootCertificate root, Revocations revocations, Clock clock) {
    return new CertificateVerifier(root, revocations, clock);
  }

  @Produces
  @Singleton
  Logins logins(CertificateVerifier certificates, CallTokens tokens, Clock clock) {
    return new Logins(new Challenges(new SecureRandom(), clock), certificates, tokens);
  }

  @Produces
  @Singleton
  Admission admission(CallTokens tokens) {
    boolean enrolledOnly = enrolledOnly(configuration);
    if (!enrolledOnly) {
      LOG.warn(
          "tacit.devices is open: every caller on this machine is a device, for development only;"
              + " set tacit.devices=enrolled to demand certificates");
    }
    return new Admission(enrolledOnly, tokens);
  }

  /**
   * Whether connections need a device's certificate.
   *
   * @throws IllegalArgumentException if devices need none
   */
  static boolean certificatesShown(CoordinatorConfiguration configuration) {
    boolean shown = configuration.tls().clientCertificates() == ClientCertificates.REQUIRED;
    if (shown && !enrolledOnly(configuration)) {
      throw new IllegalArgumentException(
          "tacit.tls.client-certificates is required and tacit.devices is open; only enrolled"
              + " devices have certificates, so set tacit.devices=enrolled");
    }
    return shown;
  }

  /**
   * Whether devices need a certificate.
   *
   * @throws IllegalArgumentException if strangers could call a coordinator that is open
   */
  static boolean enrolledOnly(CoordinatorConfiguration configuration) {
    if (configuration.role() == Role.AUTHORITY) {
      return true;
    }
    String host = configuration.grpc().host();
    boolean loopback = Encryption.isLoopback(host);
    Devices devices = configuration.devices().orElse(loopback ? Devices.OPEN : Devices.ENROLLED);
    if (devices == Devices.OPEN && !loopback) {
      throw new IllegalArgumentException(
          "tacit.devices is open and tacit.grpc.host is "
              + host
              + "; where other machines can call, devices must be enrolled");
    }
    return devices == Devices.ENROLLED;
  }
}
