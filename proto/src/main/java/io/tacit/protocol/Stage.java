package io.tacit.protocol;

/**
 * What an aggregation session is waiting for, in order. The numbers are those of the wire ({@code
 * tacit.v1.Stage}). Mode PLAIN has ADVERTISE and INPUT only before its end.
 */
public enum Stage {
  /** R0: the roster is being filled. */
  ADVERTISE(1),
  /** R1: the roster is frozen, and its members share their secrets with each other. */
  SHARE_KEYS(2),
  /** R2: updates are being collected. */
  INPUT(3),
  /** R3: survivors sign whose updates are in the sum. */
  CONSISTENCY(4),
  /** R4: survivors reveal what unmasks the sum. */
  UNMASK(5),
  /** The sum was taken and a model published. */
  COMPLETED(6),
  /** Nothing of the session was or will be used. */
  ABORTED(7);

  private final int number;

  Stage(int number) {
    this.number = number;
  }

  /** The number of the stage on the wire and in durable records. */
  public int number() {
    return number;
  }

  /** Whether the session is over. */
  public boolean isTerminal() {
    return this == COMPLETED || this == ABORTED;
  }

  /**
   * The stage of a number.
   *
   * @throws IllegalArgumentException if no stage has it
   */
  public static Stage ofNumber(int number) {
    for (Stage stage : values()) {
      if (stage.number == number) {
        return stage;
      }
    }
    throw new IllegalArgumentException("stage is " + number + ", must be 1 to 7");
  }
}
