package io.tacit.protocol.session;

import com.google.protobuf.ByteString;
import io.tacit.protocol.Suite;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.masking.MemberSet;
import io.tacit.protocol.v1.InboxBox;
import java.util.ArrayList;
import java.util.List;

/**
 * Published with stage INPUT, to each member its own: who shared, and what each other one of them
 * has for the receiver.
 *
 * @param u2 who shared
 * @param boxes from each other one of them, in ascending order
 */
public record Inbox(MemberSet u2, List<ShareBox> boxes) {

  public Inbox {
    boxes = List.copyOf(boxes);
  }

  /**
   * Reads what was published for a member.
   *
   * @param suite of the session
   * @param rosterSize n
   * @param own index of the receiver
   * @throws IllegalArgumentException if it is malformed: also if a box is missing, or there is one
   *     too many. Whether the receiver itself is in u2 is not looked at
   */
  public static Inbox fromBytes(Suite suite, int rosterSize, int own, byte[] bytes) {
    io.tacit.protocol.v1.Inbox message =
        WireField.message(
            "inbox",
            bytes,
            WireLimits.SIGNED_BODY_BYTES_MAX,
            io.tacit.protocol.v1.Inbox::parseFrom);
    MemberSet u2 = MemberSet.fromBitmap(rosterSize, message.getU2().toByteArray());
    int[] senders = u2.minus(MemberSet.of(rosterSize, own)).toArray();
    WireField.within("boxes", message.getBoxesCount(), senders.length, senders.length);
    List<ShareBox> boxes = new ArrayList<>(senders.length);
    for (int i = 0; i < senders.length; i++) {
      InboxBox box = message.getBoxes(i);
      WireField.within("boxes.from", box.getFrom(), senders[i], senders[i]);
      boxes.add(ShareBox.read(suite, own, box));
    }
    return new Inbox(u2, boxes);
  }

  /** As it is published: the same bytes each time. */
  public byte[] toBytes() {
    io.tacit.protocol.v1.Inbox.Builder message =
        io.tacit.protocol.v1.Inbox.newBuilder().setU2(ByteString.copyFrom(u2.toBitmap()));
    for (ShareBox box : boxes) {
      message.addBoxes(box.toInboxBox());
    }
    return message.build().toByteArray();
  }
}
