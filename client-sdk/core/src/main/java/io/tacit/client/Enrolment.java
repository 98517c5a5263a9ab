package io.tacit.client;

import io.tacit.protocol.crypto.IdentityCertificate;
import io.tacit.protocol.crypto.IdentityKey;
import java.util.List;

/**
 * How a device comes to its certificate.
 *
 * @param tokens for the first one
 * @param authorities those whose certificates the device takes; not to be changed
 */
record Enrolment(EnrolmentTokens tokens, List<IdentityKey> authorities) {

  /** Whether one of the pinned authorities has signed it. */
  boolean trusts(IdentityCertificate certificate) {
    for (IdentityKey authority : authorities) {
      if (certificate.isSignedBy(authority)) {
        return true;
      }
    }
    return false;
  }
}
