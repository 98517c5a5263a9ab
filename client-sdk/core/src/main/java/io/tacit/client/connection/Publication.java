package io.tacit.client.connection;

import io.tacit.protocol.Stage;

/**
 * What a coordinator published when a session came to a stage, unread: only who knows the session
 * can tell what is in it. Immutable.
 */
public final class Publication {

  private final Stage stage;
  private final byte[] bytes;

  private Publication(Stage stage, byte[] bytes) {
    this.stage = stage;
    this.bytes = bytes;
  }

  /** Wraps a published message of SHARE_KEYS, INPUT, CONSISTENCY or UNMASK; copies the bytes. */
  public static Publication of(Stage stage, byte[] bytes) {
    return new Publication(stage, bytes.clone());
  }

  /** The stage that it opens. */
  public Stage stage() {
    return stage;
  }

  /** A copy of the message: a Roster, Inbox, Survivors or SignatureSet, by its stage. */
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public String toString() {
    return "Publication[" + stage + ", " + bytes.length + " bytes]";
  }
}
