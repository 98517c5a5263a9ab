package io.tacit.client.connection;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a device on the roster shows in later calls of its session: 32 secret bytes. Immutable. */
public final class Ticket {

  /** Length in bytes. */
  public static final int LENGTH = 32;

  private final byte[] bytes;

  private Ticket(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Copies the bytes.
   *
   * @throws IllegalArgumentException if there are not exactly 32
   */
  public static Ticket fromBytes(byte[] bytes) {
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException(
          "ticket has " + bytes.length + " bytes, must have exactly " + LENGTH);
    }
    return new Ticket(bytes.clone());
  }

  /** A copy of the bytes. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Ticket that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Prints no bytes: a ticket is a secret. */
  @Override
  public String toString() {
    return "Ticket[" + LENGTH + " bytes]";
  }
}
