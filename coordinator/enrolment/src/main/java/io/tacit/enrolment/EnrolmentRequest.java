package io.tacit.enrolment;

import java.net.InetAddress;

/**
 * A device asks for its first certificate. The arrays are the caller's, and must not change.
 *
 * @param token the bootstrap token of the app's backend
 * @param request PKCS#10 in DER, signed with the key that is to be certified
 * @param evidence for where this key lives, at most {@link #EVIDENCE_BYTES_MAX} bytes; empty if
 *     there is none
 * @param address from which the request came, for the limit on addresses; it is not kept
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record EnrolmentRequest(String token, byte[] request, byte[] evidence, InetAddress address) {

  /** Evidence of Android's key attestation has 3 to 6 KB. */
  public static final int EVIDENCE_BYTES_MAX = 16_384;

  /** Lengths only: who has the token and is faster gets the certificate. */
  @Override
  public String toString() {
    return "EnrolmentRequest[token of "
        + token.length()
        + " characters, request of "
        + request.length
        + " bytes, evidence of "
        + evidence.length
        + " bytes]";
  }
}
