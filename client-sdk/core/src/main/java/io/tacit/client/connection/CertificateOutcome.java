package io.tacit.client.connection;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What became of a request for a certificate. */
public sealed interface CertificateOutcome {

  /**
   * The certificate.
   *
   * @param certificate in DER; the caller's
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Issued(byte[] certificate) implements CertificateOutcome {}

  /**
   * None.
   *
   * @param detail why and what to do, for people
   * @param retryAfter when the same may be granted; null if time does not heal it
   */
  record Refused(String detail, @Nullable Duration retryAfter) implements CertificateOutcome {}
}
