package io.tacit.client.connection;

import io.tacit.protocol.Stage;
import io.tacit.protocol.session.SignedKeyShares;
import io.tacit.protocol.session.SignedRevealedShares;
import io.tacit.protocol.session.SurvivorSignature;

/** The signed message of a stage, on its way. Immutable. */
public final class StageMessage {

  private final Stage stage;
  private final byte[] body;
  private final byte[] signature;

  private StageMessage(Stage stage, byte[] body, byte[] signature) {
    this.stage = stage;
    this.body = body;
    this.signature = signature;
  }

  /** Of stage SHARE_KEYS. */
  public static StageMessage of(SignedKeyShares shares) {
    return new StageMessage(Stage.SHARE_KEYS, shares.body(), shares.signature());
  }

  /** Of stage CONSISTENCY. */
  public static StageMessage of(SurvivorSignature signature) {
    return new StageMessage(Stage.CONSISTENCY, signature.body(), signature.signature());
  }

  /** Of stage UNMASK. */
  public static StageMessage of(SignedRevealedShares shares) {
    return new StageMessage(Stage.UNMASK, shares.body(), shares.signature());
  }

  /** The stage that it belongs to. */
  public Stage stage() {
    return stage;
  }

  /** A copy of the signed bytes. */
  public byte[] body() {
    return body.clone();
  }

  /** A copy of the signature. */
  public byte[] signature() {
    return signature.clone();
  }

  @Override
  public String toString() {
    return "StageMessage[" + stage + ", " + body.length + " bytes]";
  }
}
