package io.tacit.protocol.session;

import com.google.protobuf.ByteString;
import io.tacit.protocol.Suite;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.crypto.IdentityKeyCache;
import io.tacit.protocol.masking.MemberSet;
import io.tacit.protocol.masking.SessionPublicKey;
import io.tacit.protocol.masking.SessionTranscript;
import io.tacit.protocol.v1.SignedMessage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Published with stage SHARE_KEYS: everyone's signed advertisement, verbatim, in the order of
 * client ids. The n-th has index n, from 1. Immutable.
 */
public final class Roster {

  private final List<SignedAdvertisement> advertisements;
  private final int threshold;
  private final byte[] revocationList;

  private Roster(List<SignedAdvertisement> advertisements, int threshold, byte[] revocationList) {
    this.advertisements = List.copyOf(advertisements);
    this.threshold = threshold;
    this.revocationList = revocationList;
  }

  /** What a verifier finds when it looks at a roster: all its members, or the first flaw. */
  public sealed interface Opened {}

  /**
   * All is well.
   *
   * @param advertised of all members, the first of index 1
   * @param ctx1 of the roster, 32 bytes; copied in and out
   */
  public record Members(List<Advertised> advertised, byte[] ctx1) implements Opened {

    public Members {
      advertised = List.copyOf(advertised);
      ctx1 = ctx1.clone();
    }

    @Override
    public byte[] ctx1() {
      return ctx1.clone();
    }

    /** Of the member of this index, from 1. */
    public Advertised member(int index) {
      return advertised.get(index - 1);
    }
  }

  /**
   * An entry is not as it must be.
   *
   * @param index of the entry, from 1
   * @param flaw in words, without data
   */
  public record BadEntry(int index, String flaw) implements Opened {}

  /**
   * Freezes a roster.
   *
   * @param advertisements in ascending order of client ids, 1 to {@link MemberSet#ROSTER_SIZE_MAX}
   * @param revocationList of the authority in DER; no bytes where devices have no certificates
   */
  public static Roster of(List<SignedAdvertisement> advertisements, byte[] revocationList) {
    int size =
        WireField.within("advertisements", advertisements.size(), 1, MemberSet.ROSTER_SIZE_MAX);
    return new Roster(
        advertisements,
        SessionTranscript.threshold(size),
        WireField.atMost(
            "revocation_list",
            WireLimits.REVOCATION_LIST_BYTES_MAX,
            ByteString.copyFrom(revocationList)));
  }

  /**
   * Reads what was published.
   *
   * @throws IllegalArgumentException if it is malformed. Entries are not looked into: see {@link
   *     #open}; whether the threshold is right, neither
   */
  public static Roster fromBytes(byte[] bytes) {
    return read(
        WireField.message(
            "roster", bytes, WireLimits.ANSWER_BYTES_MAX, io.tacit.protocol.v1.Roster::parseFrom));
  }

  static Roster read(io.tacit.protocol.v1.Roster message) {
    WireField.within(
        "advertisements", message.getAdvertisementsCount(), 1, MemberSet.ROSTER_SIZE_MAX);
    List<SignedAdvertisement> advertisements = new ArrayList<>();
    for (SignedMessage entry : message.getAdvertisementsList()) {
      advertisements.add(
          SignedAdvertisement.of(
              entry.getBody().toByteArray(), entry.getSignature().toByteArray()));
    }
    return new Roster(
        advertisements,
        message.getThreshold(),
        WireField.atMost(
            "revocation_list", WireLimits.REVOCATION_LIST_BYTES_MAX, message.getRevocationList()));
  }

  /**
   * Looks into all entries: that each was signed for this session, that they stand in the order of
   * client ids and nobody twice, and that no session key is there twice.
   *
   * @param suite CLASSIC or HYBRID
   * @param ctx0 as the verifier computed it itself
   * @param keys of clients seen before
   */
  public Opened open(Suite suite, byte[] ctx0, IdentityKeyCache keys) {
    return open(suite, ctx0, keys, SignatureCheck.EACH_TIME);
  }

  /** The same, with the verifier's own way to check signatures. */
  public Opened open(Suite suite, byte[] ctx0, IdentityKeyCache keys, SignatureCheck check) {
    List<Advertised> members = new ArrayList<>();
    Set<ByteBuffer> sessionKeys = new HashSet<>();
    for (int index = 1; index <= size(); index++) {
      Optional<Advertised> opened = advertisement(index).open(suite, ctx0, keys, check);
      if (!opened.isPresent()) {
        return new BadEntry(index, "was not signed for this session, or is not of its form");
      }
      Advertised member = opened.get();
      if (index > 1 && member.client().compareTo(members.get(index - 2).client()) <= 0) {
        return new BadEntry(index, "is not above the one before it in the order of client ids");
      }
      if (!areNew(member.channelKey(), sessionKeys) || !areNew(member.maskKey(), sessionKeys)) {
        return new BadEntry(index, "has a session key that is on the roster already");
      }
      members.add(member);
    }
    return new Members(members, context(ctx0));
  }

  /** Each part for itself: keys that share a part share its secret. */
  private static boolean areNew(SessionPublicKey key, Set<ByteBuffer> known) {
    byte[] bytes = key.toBytes();
    int first = SessionPublicKey.length(Suite.CLASSIC);
    return known.add(ByteBuffer.wrap(bytes, 0, first))
        && (bytes.length == first
            || known.add(ByteBuffer.wrap(bytes, first, bytes.length - first)));
  }

  /** ctx1: what binds all that follows to exactly this roster; 32 bytes. */
  public byte[] context(byte[] ctx0) {
    List<byte[]> entries = new ArrayList<>();
    for (int index = 1; index <= size(); index++) {
      SignedAdvertisement entry = advertisement(index);
      entries.add(SessionTranscript.entry(index, entry.body(), entry.signature()));
    }
    return SessionTranscript.roster(ctx0, entries);
  }

  /** n: how many members there are. */
  public int size() {
    return advertisements.size();
  }

  /** The threshold that was published; a device computes it itself and refuses another. */
  public int threshold() {
    return threshold;
  }

  /** The entry of an index, from 1. */
  public SignedAdvertisement advertisement(int index) {
    return advertisements.get(index - 1);
  }

  /** The revocation list in DER; empty where devices have no certificates. */
  public Optional<byte[]> revocationList() {
    return revocationList.length == 0
        ? Optional.empty()
        : Optional.of(Arrays.copyOf(revocationList, revocationList.length));
  }

  io.tacit.protocol.v1.Roster toMessage() {
    io.tacit.protocol.v1.Roster.Builder message =
        io.tacit.protocol.v1.Roster.newBuilder()
            .setThreshold(threshold)
            .setRevocationList(ByteString.copyFrom(revocationList));
    for (SignedAdvertisement entry : advertisements) {
      message.addAdvertisements(
          SignedMessage.newBuilder()
              .setBody(ByteString.copyFrom(entry.body()))
              .setSignature(ByteString.copyFrom(entry.signature())));
    }
    return message.build();
  }

  /** As it is published: the same bytes each time. */
  public byte[] toBytes() {
    return toMessage().toByteArray();
  }

  @Override
  public String toString() {
    return "Roster[" + size() + " members]";
  }
}
