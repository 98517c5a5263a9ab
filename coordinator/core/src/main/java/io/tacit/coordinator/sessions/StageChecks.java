package io.tacit.coordinator.sessions;

import io.tacit.protocol.ClientId;
import io.tacit.protocol.Stage;
import io.tacit.protocol.Suite;
import io.tacit.protocol.crypto.BadKeyException;
import io.tacit.protocol.crypto.IdentityKey;
import io.tacit.protocol.masking.SessionPublicKey;
import io.tacit.protocol.session.Advertised;
import io.tacit.protocol.session.SignedAdvertisement;
import io.tacit.protocol.session.SignedKeyShares;
import io.tacit.protocol.session.SignedRevealedShares;
import io.tacit.protocol.session.SurvivorSignature;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether what a device hands in is what its stage asks of it. A message that passes can not make
 * the coordinator end a session later, whoever sent it. Signatures and keys take a millisecond: not
 * for event loops. Thread-safe.
 */
final class StageChecks {

  private final DeviceSignatures signatures;
  private final DeviceTrust trust;

  /**
   * @param signatures of devices, and what is known of them already
   * @param trust vouches for devices of secure sessions
   */
  StageChecks(DeviceSignatures signatures, DeviceTrust trust) {
    this.signatures = signatures;
    this.trust = trust;
  }

  /**
   * What was found out of an advertisement.
   *
   * @param flaw why it is refused, if it is
   * @param sessionKeys that nobody else of the session may have
   */
  record Advertisement(Optional<Refusal> flaw, List<ByteBuffer> sessionKeys) {

    private static Advertisement refused(String detail) {
      return new Advertisement(
          Optional.of(new Refusal(Refusal.Reason.BAD_SIGNATURE, detail)), List.of());
    }
  }

  /**
   * Who signed it, whether its keys are of use, and whether the authority vouches for the device.
   */
  Advertisement advertisement(
      LiveSession session, ClientId client, SignedAdvertisement advertisement) {
    Optional<Advertised> opened =
        advertisement.open(
            session.suite(), session.sessionContext(), signatures.keys(), signatures);
    if (opened.isEmpty() || !opened.get().client().equals(client)) {
      return Advertisement.refused(
          "the advertisement is not signed by this client for this session;"
              + " sign ctx0 of the offered session");
    }
    return session.suite().isSecure()
        ? secure(opened.get())
        : new Advertisement(Optional.empty(), List.of());
  }

  private Advertisement secure(Advertised advertised) {
    try {
      advertised.checkKeys();
    } catch (BadKeyException e) {
      return Advertisement.refused("a session key is of no use: " + e.getMessage());
    }
    byte[] certificate = advertised.certificate().orElseGet(() -> new byte[0]);
    if (!trust.isTrusted(certificate, advertised.identityKey())) {
      return Advertisement.refused(
          "the advertisement has no certificate that is valid now and for its key; enrol, or renew"
              + " the certificate");
    }
    return new Advertisement(Optional.empty(), sessionKeys(advertised));
  }

  /** Each part for itself: keys that share a part share its secret. */
  static List<ByteBuffer> sessionKeys(Advertised advertised) {
    List<ByteBuffer> parts = new ArrayList<>();
    for (SessionPublicKey key : List.of(advertised.channelKey(), advertised.maskKey())) {
      byte[] bytes = key.toBytes();
      int first = SessionPublicKey.length(Suite.CLASSIC);
      parts.add(ByteBuffer.wrap(bytes, 0, first));
      if (bytes.length > first) {
        parts.add(ByteBuffer.wrap(bytes, first, bytes.length - first));
      }
    }
    return parts;
  }

  /** Whether these are the key shares of a member for its roster. */
  Optional<Refusal> keyShares(LiveSession session, ClientId client, SignedKeyShares shares) {
    if (!(session.session().state() instanceof SessionState.RosterFrozen)) {
      return closed(session, Stage.SHARE_KEYS);
    }
    FrozenRoster roster = session.published().roster();
    int index = roster.indexOf(client);
    if (index == 0) {
      return notOnRoster();
    }
    return shares
            .open(
                session.suite(),
                roster.ctx1(),
                roster.size(),
                index,
                keyOf(roster, index),
                signatures)
            .isPresent()
        ? Optional.empty()
        : bad(
            "the key shares are not signed by this member for this roster, or do not have a box of"
                + " the right form for each other member");
  }

  /** Whether this client may bring an update now. */
  Optional<Refusal> mayUpload(LiveSession session, ClientId client) {
    SessionState state = session.session().state();
    if (state instanceof SessionState.Collecting) {
      return Optional.empty();
    }
    if (!(state instanceof SessionState.SharesFrozen frozen)) {
      return Optional.of(
          new Refusal(
              Refusal.Reason.STAGE_CLOSED,
              "the session is at stage "
                  + session.stage()
                  + " and takes no updates; await its next stage"));
    }
    return frozen.u2().contains(session.published().roster().indexOf(client))
        ? Optional.empty()
        : isOut("its key shares were not there when those of the others froze");
  }

  /** Whether this is a survivor's signature over who survived. */
  Optional<Refusal> signature(LiveSession session, ClientId client, SurvivorSignature signature) {
    if (!(session.session().state() instanceof SessionState.InputsFrozen)) {
      return closed(session, Stage.CONSISTENCY);
    }
    Published published = session.published();
    int index = published.roster().indexOf(client);
    if (!published.inputs().u3().contains(index)) {
      return isOut("its update was not there when those of the others froze");
    }
    return signature.verify(published.inputs().digest(), keyOf(published.roster(), index))
        ? Optional.empty()
        : bad("the signature is not this member's over the digest of the survivors");
  }

  /** Whether these are the shares that a survivor is to reveal. */
  Optional<Refusal> revealed(LiveSession session, ClientId client, SignedRevealedShares shares) {
    if (!(session.session().state() instanceof SessionState.Unmasking)) {
      return closed(session, Stage.UNMASK);
    }
    Published published = session.published();
    FrozenInputs inputs = published.inputs();
    int index = published.roster().indexOf(client);
    if (!inputs.u3().contains(index)) {
      return isOut("its update was not there when those of the others froze");
    }
    return shares
            .open(
                inputs.digest(),
                published.shares().u2(),
                inputs.u3(),
                keyOf(published.roster(), index),
                signatures)
            .isPresent()
        ? Optional.empty()
        : bad(
            "the shares are not signed by this member for these survivors, or are not one of b for"
                + " each survivor and one of M for each that dropped out");
  }

  private static IdentityKey keyOf(FrozenRoster roster, int index) {
    return roster.advertised(index).identityKey();
  }

  private static Optional<Refusal> closed(LiveSession session, Stage stage) {
    return Optional.of(
        new Refusal(
            Refusal.Reason.STAGE_CLOSED,
            "the session is at stage "
                + session.stage()
                + " and takes no messages of stage "
                + stage
                + "; take part in another round"));
  }

  private static Optional<Refusal> isOut(String why) {
    return Optional.of(
        new Refusal(
            Refusal.Reason.STAGE_CLOSED,
            "the client is out of the session, " + why + "; take part in another round"));
  }

  private static Optional<Refusal> notOnRoster() {
    return Optional.of(
        new Refusal(
            Refusal.Reason.NOT_ON_ROSTER,
            "the client is not on the roster of this session; take part in another round"));
  }

  private static Optional<Refusal> bad(String detail) {
    return Optional.of(new Refusal(Refusal.Reason.BAD_SIGNATURE, detail));
  }
}
