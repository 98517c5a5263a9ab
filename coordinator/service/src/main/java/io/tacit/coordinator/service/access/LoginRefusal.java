package io.tacit.coordinator.service.access;

/**
 * No token.
 *
 * @param reason the code
 * @param detail what is wrong and what to do, for people; has nothing secret
 */
public record LoginRefusal(Reason reason, String detail) implements LoginOutcome {

  /** The cases of {@code LoginRefusalReason} in access.proto. */
  public enum Reason {
    /** The challenge is none of this server, too old, or was used. */
    CHALLENGE,
    /** The certificate is malformed or of another authority. */
    CERTIFICATE,
    /** The certificate's time is over, or has not come. */
    EXPIRED,
    /** The certificate was revoked. */
    REVOKED,
    /** The challenge is not signed with the certificate's key. */
    BAD_SIGNATURE
  }
}
