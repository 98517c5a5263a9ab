package io.tacit.protocol.session;

import com.google.protobuf.ByteString;
import io.tacit.protocol.Suite;
import io.tacit.protocol.masking.SealedShares;
import io.tacit.protocol.masking.SessionPublicKey;
import io.tacit.protocol.v1.InboxBox;
import io.tacit.protocol.v1.PeerBox;

/**
 * What one member has for another, or from another.
 *
 * @param peer index of the other one on the roster, from 1
 * @param shares sealed for the receiver
 * @param maskCiphertext from the lower to the upper member in suite HYBRID, else no bytes; copied
 *     in and out
 */
public record ShareBox(int peer, SealedShares shares, byte[] maskCiphertext) {

  public ShareBox {
    maskCiphertext = maskCiphertext.clone();
  }

  @Override
  public byte[] maskCiphertext() {
    return maskCiphertext.clone();
  }

  /**
   * Reads a box.
   *
   * @param upward whether it goes from the lower to the upper member
   */
  private static ShareBox of(
      Suite suite,
      boolean upward,
      int peer,
      ByteString channelCiphertext,
      ByteString sealed,
      ByteString maskCiphertext) {
    int ciphertextLength = SessionPublicKey.ciphertextLength(suite);
    return new ShareBox(
        peer,
        new SealedShares(
            WireField.exactly("boxes.channel_ciphertext", ciphertextLength, channelCiphertext),
            WireField.exactly("boxes.sealed_shares", SealedShares.SEALED_LENGTH, sealed)),
        WireField.exactly("boxes.mask_ciphertext", upward ? ciphertextLength : 0, maskCiphertext));
  }

  static ShareBox read(Suite suite, int own, PeerBox box) {
    return of(
        suite,
        own < box.getTo(),
        box.getTo(),
        box.getChannelCiphertext(),
        box.getSealedShares(),
        box.getMaskCiphertext());
  }

  static ShareBox read(Suite suite, int own, InboxBox box) {
    return of(
        suite,
        box.getFrom() < own,
        box.getFrom(),
        box.getChannelCiphertext(),
        box.getSealedShares(),
        box.getMaskCiphertext());
  }

  PeerBox toPeerBox() {
    return PeerBox.newBuilder()
        .setTo(peer)
        .setChannelCiphertext(ByteString.copyFrom(shares.channelCiphertext()))
        .setSealedShares(ByteString.copyFrom(shares.sealed()))
        .setMaskCiphertext(ByteString.copyFrom(maskCiphertext))
        .build();
  }

  InboxBox toInboxBox() {
    return InboxBox.newBuilder()
        .setFrom(peer)
        .setChannelCiphertext(ByteString.copyFrom(shares.channelCiphertext()))
        .setSealedShares(ByteString.copyFrom(shares.sealed()))
        .setMaskCiphertext(ByteString.copyFrom(maskCiphertext))
        .build();
  }

  @Override
  public String toString() {
    return "ShareBox[" + peer + "]";
  }
}
