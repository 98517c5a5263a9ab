package io.tacit.enrolment;

/** What became of a request for a certificate. */
public sealed interface IssuanceOutcome permits IssuanceOutcome.Issued, Refused {

  /**
   * The certificate, durable in the books of the authority.
   *
   * @param certificate for the device
   * @param repeated whether an earlier request of the same key got this same certificate, and only
   *     the answer was lost
   */
  record Issued(DeviceCertificate certificate, boolean repeated) implements IssuanceOutcome {}
}
