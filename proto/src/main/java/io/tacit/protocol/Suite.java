package io.tacit.protocol;

/** How a session hides updates. The numbers are those of the wire and of session contexts. */
public enum Suite {
  /** Not at all: mode PLAIN, for development. */
  PLAIN(0),
  /** SA-1 with X25519. */
  CLASSIC(1),
  /** SA-1 with X25519 and ML-KEM-768. */
  HYBRID(2);

  private final int number;

  Suite(int number) {
    this.number = number;
  }

  /** The number of the suite on the wire. */
  public int number() {
    return number;
  }

  /** Whether the coordinator learns sums only. */
  public boolean isSecure() {
    return this != PLAIN;
  }

  /**
   * The suite of a number.
   *
   * @throws IllegalArgumentException if no suite has it
   */
  public static Suite ofNumber(int number) {
    for (Suite suite : values()) {
      if (suite.number == number) {
        return suite;
      }
    }
    throw new IllegalArgumentException("suite is " + number + ", must be 0, 1 or 2");
  }
}
