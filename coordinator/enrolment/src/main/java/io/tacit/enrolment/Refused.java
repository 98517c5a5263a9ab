package io.tacit.enrolment;

import java.time.Duration;
import java.util.Optional;

/**
 * An answer without a certificate. Nothing was recorded.
 *
 * @param reason the code
 * @param message what is wrong with what and what to do, for people; has nothing secret
 * @param retryAfter how long to wait before the same may be granted, if time alone heals it
 */
public record Refused(RefusalReason reason, String message, Optional<Duration> retryAfter)
    implements IssuanceOutcome, CertificateCheck, TokenCheck, RequestCheck {

  static Refused because(RefusalReason reason, String message) {
    return new Refused(reason, message, Optional.empty());
  }

  static Refused until(RefusalReason reason, String message, Duration retryAfter) {
    return new Refused(reason, message, Optional.of(retryAfter));
  }
}
