package io.tacit.coordinator.service.access;

import io.tacit.enrolment.SerialNumber;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Names;
import java.time.Instant;

/**
 * What a call token says.
 *
 * @param client who may call with it
 * @param certificate thumbprint of the certificate that it was given for
 * @param serial number of that certificate, by which it is revoked
 * @param population in whose rounds the device may take part
 * @param expires from when on it is void; whole seconds
 */
public record CallToken(
    ClientId client,
    ContentHash certificate,
    SerialNumber serial,
    String population,
    Instant expires)
    implements TokenCheck {

  public CallToken {
    Names.check("population", population);
    if (expires.getNano() != 0) {
      throw new IllegalArgumentException("expires is " + expires + ", must be whole seconds");
    }
  }
}
