package io.tacit.coordinator.service.wiring;

import io.tacit.coordinator.Coordinator;
import io.tacit.coordinator.service.access.Admission;
import io.tacit.coordinator.service.access.CallTokens;
import io.tacit.coordinator.service.access.Challenges;
import io.tacit.coordinator.service.access.Logins;
import io.tacit.coordinator.service.access.Revocations;
import io.tacit.coordinator.service.access.SecretKey;
import io.tacit.coordinator.service.wiring.CoordinatorConfiguration.Devices;
import io.tacit.enrolment.BootstrapTokenMint;
import io.tacit.enrolment.CertificateVerifier;
import io.tacit.enrolment.EnrolmentAuthority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import org.jboss.logging.Logger;

/** Who may call, as beans: the embedded authority, and what checks its certificates and tokens. */
@ApplicationScoped
class AdmissionBeans {

  private static final Logger LOG = Logger.getLogger(AdmissionBeans.class);

  private final CoordinatorConfiguration configuration;
  private final EnrolmentConfiguration enrolment;

  AdmissionBeans(CoordinatorConfiguration configuration, EnrolmentConfiguration enrolment) {
    this.configuration = configuration;
    this.enrolment = enrolment;
  }

  /** Takes the coordinator because that holds the directory. */
  @Produces
  @Singleton
  EmbeddedAuthority embeddedAuthority(Coordinator coordinator, Clock clock) {
    return EmbeddedAuthority.open(
        configuration.dataDirectory().resolve("enrolment"), enrolment, new SecureRandom(), clock);
  }

  @Produces
  @Singleton
  EnrolmentAuthority authority(EmbeddedAuthority embedded) {
    return embedded.authority();
  }

  @Produces
  @Singleton
  BootstrapTokenMint mint(EmbeddedAuthority embedded) {
    return embedded.mint();
  }

  @Produces
  @Singleton
  Revocations revocations(EnrolmentAuthority authority) {
    return new Revocations(authority);
  }

  @Produces
  @Singleton
  CallTokens callTokens(Coordinator coordinator, Revocations revocations, Clock clock) {
    SecretKey key =
        SecretKey.openOrCreate(
            configuration.dataDirectory().resolve("access.key"), new SecureRandom());
    return new CallTokens(key, revocations, clock);
  }

  @Produces
  @Singleton
  Logins logins(
      EnrolmentAuthority authority, Revocations revocations, CallTokens tokens, Clock clock) {
    return new Logins(
        new Challenges(new SecureRandom(), clock),
        new CertificateVerifier(authority.rootCertificate(), revocations, clock),
        tokens);
  }

  @Produces
  @Singleton
  Admission admission(CallTokens tokens) {
    return new Admission(enrolledOnly(configuration), tokens);
  }

  /**
   * Whether devices need a certificate.
   *
   * @throws IllegalArgumentException if strangers could call a coordinator that is open
   */
  static boolean enrolledOnly(CoordinatorConfiguration configuration) {
    String host = configuration.grpc().host();
    boolean loopback = Encryption.isLoopback(host);
    Devices devices = configuration.devices().orElse(loopback ? Devices.OPEN : Devices.ENROLLED);
    if (devices == Devices.OPEN && !loopback) {
      throw new IllegalArgumentException(
          "tacit.devices is open and tacit.grpc.host is "
              + host
              + "; where other machines can call, devices must be enrolled");
    }
    if (devices == Devices.OPEN) {
      LOG.warn(
          "tacit.devices is open: every caller on this machine is a device, for development only;"
              + " set tacit.devices=enrolled to demand certificates");
    }
    return devices == Devices.ENROLLED;
  }
}
