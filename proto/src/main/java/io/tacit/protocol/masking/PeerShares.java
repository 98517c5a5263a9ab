package io.tacit.protocol.masking;

import java.util.Arrays;

/**
 * What one member holds of another: a share of its M and one of its b. It may ever give away one of
 * them.
 *
 * <p>Not a record, whose text would hold the shares.
 */
public final class PeerShares {

  private final byte[] maskShare;
  private final byte[] selfShare;

  PeerShares(byte[] maskShare, byte[] selfShare) {
    this.maskShare = maskShare;
    this.selfShare = selfShare;
  }

  /** The share of M itself, 32 bytes, not a copy: it is gone after {@link #erase}. */
  public byte[] maskShare() {
    return maskShare;
  }

  /** The share of b itself, 32 bytes, not a copy: it is gone after {@link #erase}. */
  public byte[] selfShare() {
    return selfShare;
  }

  /** Erases both. */
  public void erase() {
    Arrays.fill(maskShare, (byte) 0);
    Arrays.fill(selfShare, (byte) 0);
  }

  @Override
  public String toString() {
    return "PeerShares[]";
  }
}
