package io.tacit.client.storage;

/** What can be wrong with a file of the device. */
public enum FileFault {
  /** Its bytes are not those that were written. */
  DAMAGED("damaged"),
  /** It has lost its end. */
  CUT_SHORT("cut short"),
  /** It was encrypted for another client, or before this one forgot. */
  WRONG_KEY("of another key"),
  /** It is another file of this client, under this one's name. */
  SWAPPED("swapped"),
  /** It is an earlier state of this file. */
  ROLLED_BACK("rolled back"),
  /** It is gone, though this client wrote it. */
  MISSING("missing"),
  /** It was written without encryption, by a client that was built so. */
  NOT_ENCRYPTED("not encrypted"),
  /** It is encrypted, and this client was built without. */
  ENCRYPTED("encrypted");

  private final String words;

  FileFault(String words) {
    this.words = words;
  }

  /** What is wrong, for people: "is ..." */
  public String words() {
    return words;
  }
}
