package io.tacit.client.secagg;

import io.tacit.protocol.Suite;
import io.tacit.protocol.crypto.BadKeyException;
import io.tacit.protocol.masking.KeySchedule;
import io.tacit.protocol.masking.MaskKeys;
import io.tacit.protocol.masking.MaskStream;
import io.tacit.protocol.masking.MemberSet;
import io.tacit.protocol.masking.PairMask;
import io.tacit.protocol.masking.PeerShares;
import io.tacit.protocol.masking.SealedShares;
import io.tacit.protocol.masking.SessionKeyPair;
import io.tacit.protocol.masking.SessionPublicKey;
import io.tacit.protocol.masking.ShamirSharing;
import io.tacit.protocol.masking.ShareChannel;
import io.tacit.protocol.session.Advertised;
import io.tacit.protocol.session.ShareBox;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a device keeps to itself in one session, and what it makes of it: M, b, its two key pairs,
 * the masks, and the shares that it holds of the others.
 *
 * <p>Guarantee: in memory only; nothing prints it; {@link #eraseKeys} leaves the shares alone, and
 * {@link #erase} nothing. Used by {@link MaskingSession}, which holds the order. Not thread-safe.
 */
final class SessionSecrets {

  private final Suite suite;
  private final MaskKeys maskKeys;
  private final SessionKeyPair channelKeys;

  /** b. */
  private final byte[] selfSecret = new byte[ShamirSharing.SECRET_LENGTH];

  /** By the index of the other, as all that follows; from the roster on. */
  private ShareChannel[] channels = new ShareChannel[0];

  private @Nullable PairMask[] pairMasks = new PairMask[0];

  /** Of M of each member, and of b of each: what the other shares are for. */
  private byte[][] maskShares = new byte[0][];

  private byte[][] selfShares = new byte[0][];

  private SessionSecrets(Suite suite, MaskKeys maskKeys, SessionKeyPair channelKeys) {
    this.suite = suite;
    this.maskKeys = maskKeys;
    this.channelKeys = channelKeys;
  }

  /**
   * New ones.
   *
   * @param ctx0 of the session
   */
  static SessionSecrets generate(Suite suite, byte[] ctx0, SecureRandom random) {
    SessionSecrets secrets =
        new SessionSecrets(
            suite, MaskKeys.generate(suite, ctx0, random), SessionKeyPair.generate(suite, random));
    random.nextBytes(secrets.selfSecret);
    return secrets;
  }

  SessionPublicKey channelKey() {
    return channelKeys.publicKey();
  }

  SessionPublicKey maskKey() {
    return maskKeys.publicKey();
  }

  /** What the device commits to its b with. */
  byte[] selfCommitment(Members members) {
    return schedule(members).selfCommitment(members.own(), selfSecret);
  }

  private KeySchedule schedule(Members members) {
    return new KeySchedule(suite, members.ctx1());
  }

  /**
   * Splits M and b, and seals for each other member its two shares.
   *
   * @throws LeaveException if a member's keys are bad
   */
  List<ShareBox> share(Members members, SecureRandom random) throws LeaveException {
    int size = members.size();
    channels = new ShareChannel[size + 1];
    pairMasks = new PairMask[size + 1];
    maskShares = new byte[size + 1][];
    selfShares = new byte[size + 1][];
    byte[] maskSecret = maskKeys.secret();
    byte[][] ofMask = ShamirSharing.split(maskSecret, size, members.threshold(), random);
    byte[][] ofSelf = ShamirSharing.split(selfSecret, size, members.threshold(), random);
    maskShares[members.own()] = ofMask[members.own() - 1].clone();
    selfShares[members.own()] = ofSelf[members.own() - 1].clone();
    try {
      List<ShareBox> boxes = new ArrayList<>(size - 1);
      for (int to = 1; to <= size; to++) {
        if (to != members.own()) {
          boxes.add(box(members, to, ofMask[to - 1], ofSelf[to - 1], random));
        }
      }
      return boxes;
    } finally {
      Arrays.fill(maskSecret, (byte) 0);
      fill(ofMask);
      fill(ofSelf);
    }
  }

  private ShareBox box(
      Members members, int to, byte[] maskShare, byte[] selfShare, SecureRandom random)
      throws LeaveException {
    KeySchedule schedule = schedule(members);
    Advertised peer = members.get(to);
    try {
      byte[] ciphertext = new byte[0];
      if (to > members.own()) {
        PairMask mask = schedule.pairMaskOfLower(members.own(), maskKeys, to, peer.maskKey());
        pairMasks[to] = mask;
        ciphertext = mask.ciphertext();
      }
      channels[to] = schedule.shareChannel(members.own(), channelKeys, to, peer.channelKey());
      SealedShares sealed = channels[to].seal(maskShare, selfShare, ciphertext, random);
      return new ShareBox(to, sealed, ciphertext);
    } catch (BadKeyException e) {
      throw new LeaveException(
          AbortReason.BAD_ENTRY, to, "keys of member " + to + " are bad: " + e.getMessage());
    }
  }

  /**
   * Opens what a member has sealed, and agrees on a mask with it.
   *
   * @param box from that member
   * @throws LeaveException if it does not open
   */
  void open(Members members, ShareBox box) throws LeaveException {
    int from = box.peer();
    PeerShares shares =
        channels[from]
            .open(box.shares(), box.maskCiphertext())
            .orElseThrow(
                () ->
                    new LeaveException(
                        AbortReason.BAD_SHARE,
                        from,
                        "the shares of member "
                            + from
                            + " do not open: it, or the coordinator between, is at fault"));
    maskShares[from] = shares.maskShare().clone();
    selfShares[from] = shares.selfShare().clone();
    shares.erase();
    if (from < members.own()) {
      try {
        pairMasks[from] =
            schedule(members)
                .pairMaskOfUpper(
                    members.own(),
                    maskKeys,
                    from,
                    members.get(from).maskKey(),
                    box.maskCiphertext());
      } catch (BadKeyException e) {
        throw new LeaveException(
            AbortReason.BAD_ENTRY, from, "mask key of member " + from + " is bad");
      }
    }
  }

  /**
   * Masks an update, and erases what it was masked with.
   *
   * @param lanes in the clear; erased
   * @param u2 those with whom masks were agreed on
   * @return the masked lanes, little-endian
   */
  byte[] mask(Members members, MemberSet u2, int[] lanes) {
    List<byte[]> added = new ArrayList<>();
    List<byte[]> subtracted = new ArrayList<>();
    byte[] selfKey = schedule(members).selfMaskKey(members.own(), selfSecret);
    added.add(selfKey);
    for (int peer : u2.toArray()) {
      if (peer != members.own()) {
        PairMask mask = pairMaskWith(peer);
        (mask.isAddedBy(members.own()) ? added : subtracted).add(mask.key());
      }
    }
    byte[] masked = new byte[Integer.BYTES * lanes.length];
    MaskStream stream = new MaskStream();
    stream.maskInto(
        ByteBuffer.wrap(masked).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer(),
        lanes,
        added,
        subtracted);
    stream.erase();
    Arrays.fill(selfKey, (byte) 0);
    eraseKeys();
    return masked;
  }

  private PairMask pairMaskWith(int peer) {
    PairMask mask = pairMasks[peer];
    if (mask == null) {
      throw new IllegalStateException("no mask was agreed on with member " + peer);
    }
    return mask;
  }

  /** The share of b of a member itself, not a copy. */
  byte[] selfShareOf(int member) {
    return selfShares[member];
  }

  /** The share of M of a member itself, not a copy. */
  byte[] maskShareOf(int member) {
    return maskShares[member];
  }

  /** Erases M, b, both key pairs and all masks. */
  void eraseKeys() {
    maskKeys.destroy();
    channelKeys.destroy();
    Arrays.fill(selfSecret, (byte) 0);
    for (ShareChannel channel : channels) {
      if (channel != null) {
        channel.erase();
      }
    }
    for (PairMask mask : pairMasks) {
      if (mask != null) {
        mask.erase();
      }
    }
  }

  /** Erases all. */
  void erase() {
    eraseKeys();
    fill(maskShares);
    fill(selfShares);
  }

  private static void fill(byte[][] shares) {
    for (byte[] share : shares) {
      if (share != null) {
        Arrays.fill(share, (byte) 0);
      }
    }
  }

  /** Prints nothing of it. */
  @Override
  public String toString() {
    return "SessionSecrets[" + suite + "]";
  }
}
