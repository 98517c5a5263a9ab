package io.tacit.coordinator.sessions;

import io.tacit.protocol.masking.MemberSet;
import io.tacit.protocol.session.Inbox;
import io.tacit.protocol.session.ShareBox;
import io.tacit.protocol.session.SignedKeyShares;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Who has shared, and what each has for each other. Of a full shard in suite HYBRID that is 37 MB,
 * held while devices ask for it: in stage INPUT.
 *
 * @param u2 who has shared
 * @param opened what they handed in, by index; empty when no inbox is asked for any more
 */
record FrozenShares(MemberSet u2, Map<Integer, SignedKeyShares.Opened> opened) {

  FrozenShares {
    opened = Map.copyOf(opened);
  }

  FrozenShares withoutBoxes() {
    return new FrozenShares(u2, Map.of());
  }

  /** What the others have for a member. */
  Publication inboxOf(int member) {
    List<ShareBox> boxes = new ArrayList<>();
    u2.forEach(
        from -> {
          if (from != member) {
            boxes.add(boxFrom(from, member));
          }
        });
    return new Publication.OfInbox(new Inbox(u2, boxes));
  }

  private ShareBox boxFrom(int from, int member) {
    SignedKeyShares.Opened shares = opened.get(from);
    if (shares == null) {
      throw new IllegalStateException("the shares of member " + from + " were let go of");
    }
    ShareBox box = shares.boxFor(member);
    return new ShareBox(from, box.shares(), box.maskCiphertext());
  }

  @Override
  public String toString() {
    return "FrozenShares[" + u2 + "]";
  }
}
