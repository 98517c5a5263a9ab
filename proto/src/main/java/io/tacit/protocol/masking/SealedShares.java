package io.tacit.protocol.masking;

/**
 * Two shares on their way from one member to another, as they travel.
 *
 * @param channelCiphertext 1 088 bytes in suite HYBRID, else none; copied in and out
 * @param sealed 81 bytes: receiver (1), share of M (32), share of b (32), sealed; copied in and out
 */
public record SealedShares(byte[] channelCiphertext, byte[] sealed) {

  /** Length of the sealed part in bytes. */
  public static final int SEALED_LENGTH = 81;

  public SealedShares {
    channelCiphertext = channelCiphertext.clone();
    sealed = sealed.clone();
  }

  @Override
  public byte[] channelCiphertext() {
    return channelCiphertext.clone();
  }

  @Override
  public byte[] sealed() {
    return sealed.clone();
  }

  @Override
  public String toString() {
    return "SealedShares[" + sealed.length + " bytes]";
  }
}
