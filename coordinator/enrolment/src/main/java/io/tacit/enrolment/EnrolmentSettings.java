package io.tacit.enrolment;

import io.tacit.protocol.Names;
import io.tacit.protocol.crypto.IdentityKey;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Whom an authority certifies, for how long, and how often.
 *
 * @param populations whom tokens may be for, 1 to 64 names
 * @param tokenKeys the keys of backends whose tokens are taken, 1 to 4: two while one is replaced
 * @param certificateLifetime 1 hour to 398 days
 * @param renewalWindow how long before its end a certificate can be renewed; shorter than its life
 * @param accountLimit for each account that tokens name; kept over restarts
 * @param addressLimit for each network address; forgotten at restarts
 * @param addressesMax network addresses that are counted in a window; when there are more, further
 *     ones get nothing until the next
 * @param attestationMin what a key must be attested as at least
 */
public record EnrolmentSettings(
    Set<String> populations,
    List<IdentityKey> tokenKeys,
    Duration certificateLifetime,
    Duration renewalWindow,
    IssuanceLimit accountLimit,
    IssuanceLimit addressLimit,
    int addressesMax,
    AttestationLevel attestationMin) {

  /** How long a bootstrap token may live. */
  public static final Duration TOKEN_LIFETIME_MAX = Duration.ofMinutes(10);

  private static final Duration LIFETIME_MIN = Duration.ofHours(1);
  private static final Duration LIFETIME_MAX = Duration.ofDays(398);
  private static final int POPULATIONS_MAX = 64;
  private static final int TOKEN_KEYS_MAX = 4;
  private static final int ADDRESSES_MAX = 10_000_000;

  public EnrolmentSettings {
    populations = Set.copyOf(populations);
    tokenKeys = List.copyOf(tokenKeys);
    populations.forEach(name -> Names.check("population", name));
    requireSize("populations", populations.size(), POPULATIONS_MAX);
    requireSize("tokenKeys", tokenKeys.size(), TOKEN_KEYS_MAX);
    if (certificateLifetime.compareTo(LIFETIME_MIN) < 0
        || certificateLifetime.compareTo(LIFETIME_MAX) > 0) {
      throw new IllegalArgumentException(
          "certificateLifetime is "
              + certificateLifetime
              + ", must be "
              + LIFETIME_MIN
              + " to "
              + LIFETIME_MAX);
    }
    if (renewalWindow.compareTo(Duration.ZERO) <= 0
        || renewalWindow.compareTo(certificateLifetime) >= 0) {
      throw new IllegalArgumentException(
          "renewalWindow is "
              + renewalWindow
              + ", must be more than PT0S and less than the lifetime "
              + certificateLifetime);
    }
    requireSize("addressesMax", addressesMax, ADDRESSES_MAX);
  }

  /**
   * 90 days, renewable in the last 30; 5 certificates for an account in 30 days; 1,000 for an
   * address in an hour, because a mobile network puts many phones behind one; no attestation.
   */
  public static EnrolmentSettings defaults(Set<String> populations, List<IdentityKey> tokenKeys) {
    return new EnrolmentSettings(
        populations,
        tokenKeys,
        Duration.ofDays(90),
        Duration.ofDays(30),
        new IssuanceLimit(5, Duration.ofDays(30)),
        new IssuanceLimit(1_000, Duration.ofHours(1)),
        100_000,
        AttestationLevel.NONE);
  }

  /** The same with other limits. */
  public EnrolmentSettings withLimits(IssuanceLimit account, IssuanceLimit address) {
    return new EnrolmentSettings(
        populations,
        tokenKeys,
        certificateLifetime,
        renewalWindow,
        account,
        address,
        addressesMax,
        attestationMin);
  }

  /** The same with another demand on attestation. */
  public EnrolmentSettings withAttestationMin(AttestationLevel level) {
    return new EnrolmentSettings(
        populations,
        tokenKeys,
        certificateLifetime,
        renewalWindow,
        accountLimit,
        addressLimit,
        addressesMax,
        level);
  }

  private static void requireSize(String what, int size, int max) {
    if (size < 1 || size > max) {
      throw new IllegalArgumentException(
          "number of " + what + " is " + size + ", must be 1 to " + max);
    }
  }
}
