package io.tacit.client.storage;

/** What can be wrong with a file of the device. */
public enum FileFault {
  /** Its bytes are not those that were written. */
  DAMAGED("is damaged"),
  /** It has lost its end. */
  CUT_SHORT("is cut short"),
  /** It was encrypted for another client, or before this one forgot. */
  WRONG_KEY("is encrypted with a key that this client does not have"),
  /** It is another file of this client. */
  SWAPPED("is another file of this client"),
  /** It is an earlier state. */
  ROLLED_BACK("is older than what was written last"),
  /** This client wrote it, and it is gone. */
  MISSING("is missing"),
  /** It was written by a version that is not known here. */
  OTHER_VERSION("is of a version that this client does not know"),
  /** It was written by a client that does not encrypt. */
  NOT_ENCRYPTED("is not encrypted, and this client encrypts its files"),
  /** It was written by a client that encrypts. */
  ENCRYPTED("is encrypted, and this client was built without a key store");

  private final String clause;

  FileFault(String clause) {
    this.clause = clause;
  }

  /** What is wrong, as a clause that follows the file's name. */
  public String clause() {
    return clause;
  }
}
