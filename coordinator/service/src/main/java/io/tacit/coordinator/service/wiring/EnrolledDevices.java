package io.tacit.coordinator.service.wiring;

import io.tacit.coordinator.sessions.DeviceTrust;
import io.tacit.enrolment.CertificateVerifier;
import io.tacit.enrolment.DeviceCertificate;
import io.tacit.enrolment.RevocationList;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.crypto.IdentityKey;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * Trust in the devices that the authority has enrolled. Its parts are asked for when the first
 * device comes: the authority lies in the directory that the coordinator holds.
 *
 * @param verifier of certificates, against the newest list
 * @param revocations the newest list
 */
record EnrolledDevices(Supplier<CertificateVerifier> verifier, Supplier<RevocationList> revocations)
    implements DeviceTrust {

  @Override
  public boolean isTrusted(byte[] certificate, IdentityKey key) {
    return verifier.get().check(certificate) instanceof DeviceCertificate device
        && Arrays.equals(device.key().toBytes(), key.toBytes());
  }

  @Override
  public byte[] revocationList() {
    byte[] list = revocations.get().toDer();
    if (list.length > WireLimits.REVOCATION_LIST_BYTES_MAX) {
      throw new IllegalStateException(
          "the revocation list has "
              + list.length
              + " bytes, devices take at most "
              + WireLimits.REVOCATION_LIST_BYTES_MAX
              + "; certificates that have expired need not be on it");
    }
    return list;
  }
}
