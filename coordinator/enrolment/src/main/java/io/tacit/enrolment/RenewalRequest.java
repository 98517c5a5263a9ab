package io.tacit.enrolment;

import io.tacit.protocol.crypto.Transcript;
import java.net.InetAddress;

/**
 * A device asks for the certificate after the one that it has, for the same key or for a new one.
 * The arrays are the caller's, and must not change.
 *
 * @param certificate the one that it has, in DER
 * @param request PKCS#10 in DER, signed with the key that is to be certified
 * @param evidence for where this key lives, at most {@link EnrolmentRequest#EVIDENCE_BYTES_MAX}
 *     bytes; empty if there is none
 * @param signature over {@link #signedBytes}, made with the key of {@code certificate}
 * @param address from which the request came, for the limit on addresses; it is not kept
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record RenewalRequest(
    byte[] certificate, byte[] request, byte[] evidence, byte[] signature, InetAddress address) {

  /**
   * What the holder of the certificate signs: the canonical bytes of label {@code renewal},
   * certificate and request. Nothing in it is fresh, and need not be: who repeats it gets what the
   * device got.
   */
  public static byte[] signedBytes(byte[] certificate, byte[] request) {
    return Transcript.renewal(certificate, request);
  }

  @Override
  public String toString() {
    return "RenewalRequest[certificate of "
        + certificate.length
        + " bytes, request of "
        + request.length
        + " bytes, evidence of "
        + evidence.length
        + " bytes]";
  }
}
