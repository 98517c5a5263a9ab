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
 * Who certifies the devices of this coordinator: the authority within it, or one elsewhere, of
 * which it has the root certificate and the list of revocations and nothing else.
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
   * As the settings want it.
   *
   * @param usual directory of an authority within the coordinator
   * @throws IllegalArgumentException if the settings contradict each other
   * @throws UncheckedIOException or {@link io.tacit.enrolment.KeyFileException} if a file can not
   *     be used
   */
  static DeviceAuthority open(
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
