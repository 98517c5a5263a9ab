package io.tacit.protocol.plan;

/** What a look at an owner's signature shows, to somebody who trusts certain task keys. */
public enum SignatureState {
  /** Signed by a key that is trusted, and unaltered since. */
  VALID,
  /** There is no signature. */
  UNSIGNED,
  /** Signed, or said to be, by a key that is not trusted. */
  FOREIGN_KEY,
  /** Names a trusted key, but that key did not sign these bytes. */
  ALTERED
}
