package io.tacit.enrolment;

import java.util.Optional;

/** How well it is known where a device's private key lives. The order is that of trust. */
public enum AttestationLevel {
  /** Nothing is known: any program may have made the key. */
  NONE,
  /** A program that the app's maker vouches for holds the key. */
  SOFTWARE,
  /** The key can not leave a secure hardware environment of a genuine device. */
  HARDWARE;

  /** The number of a level in certificates; never changes. */
  int number() {
    return ordinal();
  }

  static Optional<AttestationLevel> ofNumber(int number) {
    return number >= 0 && number < values().length
        ? Optional.of(values()[number])
        : Optional.empty();
  }
}
