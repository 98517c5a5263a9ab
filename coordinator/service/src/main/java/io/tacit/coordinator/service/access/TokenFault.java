package io.tacit.coordinator.service.access;

/** Why a call is not taken; the names are those of the contract's table (tacit/v1/README.md). */
public enum TokenFault implements TokenCheck {
  /** There is no token. */
  TOKEN_MISSING("this call needs a token of a login; log in, then call again"),
  /** The token was good. */
  TOKEN_EXPIRED("the token's time is over; log in again"),
  /** The token is not of this server, or was altered. */
  TOKEN_INVALID("the token is not one that this coordinator gave; log in again"),
  /** The request is for somebody else. */
  OTHER_DEVICE("client_id or population of the request is not that of the token"),
  /** The certificate behind the token is no longer good. */
  CERTIFICATE_REVOKED(
      "the certificate of this device was revoked or replaced; its key is not admitted any more"),
  /** Under mutual TLS, the connection is not that of the certificate behind the token. */
  CERTIFICATE_NOT_SHOWN(
      "this coordinator takes a token alone over a connection that was opened with the token's"
          + " certificate; connect with it");

  private final String detail;

  TokenFault(String detail) {
    this.detail = detail;
  }

  /** What is wrong and what to do, for people. */
  public String detail() {
    return detail;
  }
}
