package io.tacit.coordinator.service.wiring;

import io.tacit.coordinator.service.access.PublishedList;
import io.tacit.enrolment.RevocationList;
import io.tacit.enrolment.RootCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Who certifies devices: the authority in this process, or one elsewhere, of which a coordinator
 * has the root certificate and the list of revocations and nothing else.
 *
 * @param root whose certificates are taken
 * @param revocations gives the newest list
 * @param embedded empty if the authority is elsewhere
 */
record DeviceAuthority(
    RootCertificate root,
    Supplier<RevocationList> revocations,
    Optional<EmbeddedAuthority> embedded)
    implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(DeviceAuthority.class);

  /**
   * As the settings of a coordinator want it.
   *
   * @param usual directory of an authority within the coordinator
   * @throws IllegalArgumentException if the settings contradict each other
   * @throws UncheckedIOException or {@link io.tacit.enrolment.KeyFileException} if a file can not
   *     be used
   */
  static DeviceAuthority ofCoordinator(
      EnrolmentConfiguration settings, Path usual, SecureRandom random, Clock clock) {
    if (settings.root().isPresent() != settings.revocations().isPresent()) {
      throw new IllegalArgumentException(
          "only one of tacit.enrolment.root and tacit.enrolment.revocations is set; set both for an"
              + " authority elsewhere, or none");
    }
    if (settings.root().isPresent() && settings.revocations().isPresent()) {
      RootCertificate root = read(settings.root().get());
      LOG.infof("Enrolment: devices are certified elsewhere, by authority %s", root.fingerprint());
      return new DeviceAuthority(
          root, new PublishedList(settings.revocations().get(), root), Optional.empty());
    }
    LOG.info(
        "Enrolment: the authority for devices runs within the coordinator: whoever operates the"
            + " coordinator can admit devices of his own, so that secure aggregation would not"
            + " protect from him");
    return here(settings, usual, random, clock);
  }

  /**
   * That of a process which is nothing else.
   *
   * @param usual its directory, unless the settings name another
   * @throws IllegalArgumentException if the settings name an authority elsewhere
   * @throws UncheckedIOException or {@link io.tacit.enrolment.KeyFileException} if a file can not
   *     be used
   */
  static DeviceAuthority alone(
      EnrolmentConfiguration settings, Path usual, SecureRandom random, Clock clock) {
    if (settings.root().isPresent() || settings.revocations().isPresent()) {
      throw new IllegalArgumentException(
          "tacit.role is authority, and tacit.enrolment.root or tacit.enrolment.revocations is set,"
              + " which are for coordinators whose authority is elsewhere; remove them");
    }
    LOG.info("Enrolment: this process is an authority for devices and nothing else");
    return here(settings, usual, random, clock);
  }

  private static DeviceAuthority here(
      EnrolmentConfiguration settings, Path usual, SecureRandom random, Clock clock) {
    EmbeddedAuthority here =
        EmbeddedAuthority.open(settings.directory().orElse(usual), settings, random, clock);
    return new DeviceAuthority(
        here.authority().rootCertificate(), here.authority()::revocationList, Optional.of(here));
  }

  private static RootCertificate read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] der = CertificateFactory.getInstance("X.509").generateCertificate(in).getEncoded();
      return RootCertificate.read(der)
          .orElseThrow(
              () -> new CertificateException("it is not the root of an authority of devices"));
    } catch (IOException | CertificateException e) {
      throw new UncheckedIOException(
          "cannot read root certificate "
              + file
              + " ("
              + e.getMessage()
              + "); get it with tacit ca show from the authority",
          new IOException(e));
    }
  }

  @Override
  public void close() {
    embedded.ifPresent(EmbeddedAuthority::close);
  }
}
