package io.tacit.coordinator.service.access;

import io.tacit.enrolment.RevocationList;
import io.tacit.enrolment.RootCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * The revocation list that an authority elsewhere publishes, as a file: whoever brings it here, the
 * authority has signed it.
 *
 * @param file X.509 CRL in DER
 * @param root of the authority
 */
public record PublishedList(Path file, RootCertificate root) implements Supplier<RevocationList> {

  /**
   * Reads it.
   *
   * @throws UncheckedIOException if there is no list of this authority in the file
   */
  @Override
  public RevocationList get() {
    try {
      // One byte more than a list may have, so that reading a wrong file ends.
      byte[] der;
      try (var in = Files.newInputStream(file)) {
        der = in.readNBytes(RevocationList.BYTES_MAX + 1);
      }
      return RevocationList.read(der, root)
          .orElseThrow(
              () ->
                  new IOException(
                      "it has %d bytes and is no revocation list that authority %s has signed"
                          .formatted(der.length, root.fingerprint())));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot read revocation list " + file + " (" + e.getMessage() + ")", e);
    }
  }
}
