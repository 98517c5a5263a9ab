package io.tacit.client;

import io.tacit.protocol.crypto.IdentityCertificate;
import io.tacit.protocol.crypto.IdentityKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a device comes to its certificate.
 *
 * @param tokens for the first one
 * @param authorities those whose certificates the device takes; not to be changed
 * @param at where the authority is called, null for where the coordinator is
 */
record Enrolment(
    EnrolmentTokens tokens, List<IdentityKey> authorities, @Nullable CoordinatorAddress at) {

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
