package io.tacit.enrolment;

/** Why an authority refuses. The names are codes: they go into logs and onto the wire. */
public enum RefusalReason {
  /** The token is no compact JWS, too long, or lacks a claim. */
  TOKEN_MALFORMED,
  /** The token is signed by nobody that this authority trusts. */
  TOKEN_SIGNATURE,
  /** The token is for another population. */
  TOKEN_AUDIENCE,
  /** The token's time is over. */
  TOKEN_EXPIRED,
  /** The token's time has not come: the clocks of backend and authority differ. */
  TOKEN_NOT_YET_VALID,
  /** The token lives longer than a bootstrap token may. */
  TOKEN_LIFETIME,
  /** The token was used for another key. */
  TOKEN_USED,
  /** The request is no PKCS#10 in DER, or too long. */
  REQUEST_MALFORMED,
  /** The request is for a key that is neither Ed25519 nor ECDSA P-256, or no valid point. */
  REQUEST_KEY,
  /** The request is not signed with the key it is for. */
  REQUEST_SIGNATURE,
  /** The key's certificate was revoked, or replaced by that of another key. */
  KEY_REVOKED,
  /** The evidence does not attest the key, or not as well as this authority demands. */
  ATTESTATION,
  /** The account has had its certificates for now. */
  ACCOUNT_LIMIT,
  /** The network address has had its certificates for now. */
  ADDRESS_LIMIT,
  /** It is no certificate of the form that this authority issues. */
  CERTIFICATE_MALFORMED,
  /** Another authority, or nobody, has signed the certificate. */
  CERTIFICATE_FOREIGN,
  /** The certificate is genuine, but no longer in the authority's books. */
  CERTIFICATE_UNKNOWN,
  /** The certificate's time has not come. */
  CERTIFICATE_NOT_YET_VALID,
  /** The certificate's time is over. */
  CERTIFICATE_EXPIRED,
  /** The certificate is on the revocation list. */
  CERTIFICATE_REVOKED,
  /** The revocation list is too old for anybody to tell whether the certificate is good. */
  REVOCATIONS_OUTDATED,
  /** The certificate to be renewed is for a population that the authority no longer has. */
  POPULATION_UNKNOWN,
  /** The certificate was already renewed for another key. */
  RENEWAL_USED,
  /** The certificate has too long to live to be renewed. */
  RENEWAL_EARLY,
  /** The renewal is not signed with the key of the certificate to be renewed. */
  RENEWAL_SIGNATURE,
  /** The root certificate does not live as long as a device's certificate has to. */
  AUTHORITY_EXPIRED
}
