package io.tacit.enrolment;

import org.bouncycastle.asn1.x509.CRLReason;

/** Why a certificate is no longer good, as revocation lists say it (RFC 5280, section 5.3.1). */
public enum RevocationReason {
  /** No reason is given. */
  UNSPECIFIED(CRLReason.unspecified),
  /** Somebody else may have the key, e.g. the phone was stolen. */
  KEY_COMPROMISE(CRLReason.keyCompromise),
  /** The device renewed it for another key. */
  SUPERSEDED(CRLReason.superseded),
  /** The device takes part no more. */
  CESSATION_OF_OPERATION(CRLReason.cessationOfOperation),
  /** The device misbehaved. */
  PRIVILEGE_WITHDRAWN(CRLReason.privilegeWithdrawn);

  private final int code;

  RevocationReason(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
