package io.tacit.client.secagg;

import io.tacit.client.secagg.StageLatch.State;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.crypto.IdentityCertificate;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.protocol.encoding.EncodedUpdate;
import io.tacit.protocol.masking.MemberSet;
import io.tacit.protocol.session.Inbox;
import io.tacit.protocol.session.Roster;
import io.tacit.protocol.session.ShareBox;
import io.tacit.protocol.session.SignatureSet;
import io.tacit.protocol.session.SignedAdvertisement;
import io.tacit.protocol.session.SignedKeyShares;
import io.tacit.protocol.session.SignedRevealedShares;
import io.tacit.protocol.session.SurvivorSignature;
import io.tacit.protocol.session.Survivors;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A device in one session of secure aggregation (SA-1): takes what the coordinator publishes, and
 * answers it or leaves. Does no input or output.
 *
 * <p>Guarantee: whatever the coordinator publishes, in whatever order and however often, at most
 * one masked update, one signature and, of each other member, one kind of share come out, the share
 * only after t members of the device's own U3 have signed that very U3, in which are as many as the
 * plan asks for. All secrets are in memory only, and erased when the device leaves, reveals and is
 * told to {@link #erase}. Assumes: at most 2t - n - 1 of the n members collude with the
 * coordinator, which is for the authority to see to that certifies devices; the random source is
 * secure.
 *
 * <p>Thread-safe; nothing of it is printed.
 */
public final class MaskingSession {

  private final SessionTerms terms;
  private final IdentityKeyPair identity;
  private final RosterTrust trust;
  private final SecureRandom random;
  private final SessionSecrets secrets;
  private final SignedAdvertisement advertisement;
  private final StageLatch latch = new StageLatch();

  /** From the roster on, then from the inbox on, then from the survivors on. */
  private @Nullable Members members;

  private @Nullable MemberSet u2;
  private @Nullable MemberSet u3;
  private byte @Nullable [] survivorsDigest;

  /** The signatures upon which the device has revealed. */
  private byte @Nullable [] quorum;

  private MaskingSession(
      SessionTerms terms,
      IdentityKeyPair identity,
      @Nullable IdentityCertificate certificate,
      RosterTrust trust,
      SecureRandom random) {
    this.terms = terms;
    this.identity = identity;
    this.trust = trust;
    this.random = random;
    this.secrets = SessionSecrets.generate(terms.suite(), terms.context(), random);
    this.advertisement =
        SignedAdvertisement.sign(
            terms.context(),
            secrets.channelKey(),
            secrets.maskKey(),
            certificate == null ? new byte[0] : certificate.toDer(),
            identity,
            random);
  }

  /**
   * Begins a session, with new secrets.
   *
   * @param terms of the session
   * @param identity with which the device signs
   * @param certificate of the identity, null where there are none
   * @param trust whom the device takes for devices
   * @param random for keys, nonces and shares
   */
  public static MaskingSession open(
      SessionTerms terms,
      IdentityKeyPair identity,
      @Nullable IdentityCertificate certificate,
      RosterTrust trust,
      SecureRandom random) {
    return new MaskingSession(terms, identity, certificate, trust, random);
  }

  /** R0: what the device joins with; the same each time. */
  public SignedAdvertisement advertisement() {
    return advertisement;
  }

  /**
   * R1: holds the roster against everything, and shares M and b with its members.
   *
   * @param roster as published
   */
  public synchronized Step<SignedKeyShares> acceptRoster(byte[] roster) {
    return answer(
        State.ADVERTISED,
        roster,
        SignedKeyShares.class,
        () -> {
          Members checked =
              new RosterCheck(terms, advertisement, trust)
                  .check(read(() -> Roster.fromBytes(roster)));
          members = checked;
          return SignedKeyShares.sign(
              checked.ctx1(),
              secrets.share(checked, random),
              secrets.selfCommitment(checked),
              identity);
        });
  }

  /**
   * R2: opens the shares of the others, and masks the update.
   *
   * @param inbox as published
   * @param update in the clear; its lanes are taken and masked in place, unless the device leaves
   * @return all lanes, little-endian, to be sent once; not to be changed
   */
  public synchronized Step<byte[]> acceptInbox(byte[] inbox, EncodedUpdate update) {
    return answer(
        State.SHARED,
        inbox,
        byte[].class,
        () -> {
          Members all = required(members);
          Inbox opened = read(() -> Inbox.fromBytes(terms.suite(), all.size(), all.own(), inbox));
          QuorumCheck.shared(opened.u2(), all);
          for (ShareBox box : opened.boxes()) {
            secrets.open(all, box);
          }
          u2 = opened.u2();
          return secrets.mask(all, opened.u2(), update.takeLanes());
        });
  }

  /**
   * R3: signs whose updates are in the sum.
   *
   * @param survivors as published
   */
  public synchronized Step<SurvivorSignature> acceptSurvivors(byte[] survivors) {
    return answer(
        State.MASKED,
        survivors,
        SurvivorSignature.class,
        () -> {
          Members all = required(members);
          Survivors told = read(() -> Survivors.fromBytes(all.size(), survivors));
          QuorumCheck.survived(told, all, required(u2));
          byte[] digest = told.digest(all.ctx1());
          u3 = told.u3();
          survivorsDigest = digest;
          return SurvivorSignature.sign(digest, identity);
        });
  }

  /**
   * R4: reveals, if enough have signed the digest that this device has signed itself. For whom
   * which share is revealed follows from the bitmaps that it signed; nothing that is published now
   * says so, so that no member can be in both lists.
   *
   * @param signatures as published
   */
  public synchronized Step<SignedRevealedShares> acceptSignatures(byte[] signatures) {
    return answer(
        State.SIGNED,
        signatures,
        SignedRevealedShares.class,
        () -> {
          Members all = required(members);
          MemberSet survived = required(u3);
          byte[] digest = required(survivorsDigest);
          SignatureSet set = read(() -> SignatureSet.fromBytes(all.size(), signatures));
          QuorumCheck.signed(set, all, survived, digest);
          quorum = signatures.clone();
          SignedRevealedShares revealed =
              SignedRevealedShares.sign(
                  digest,
                  required(u2),
                  survived,
                  secrets::selfShareOf,
                  secrets::maskShareOf,
                  identity);
          secrets.erase();
          return revealed;
        });
  }

  /** What was published, if it is whole. */
  private static <T> T read(Supplier<T> reader) throws LeaveException {
    try {
      return reader.get();
    } catch (IllegalArgumentException e) {
      throw new LeaveException(AbortReason.BAD_PUBLICATION, String.valueOf(e.getMessage()));
    }
  }

  @FunctionalInterface
  private interface Answer<T> {
    T make() throws LeaveException;
  }

  private <T> Step<T> answer(State left, byte[] published, Class<T> type, Answer<T> answer) {
    ContentHash hash = ContentHash.of(published);
    boolean isAnswered = false;
    try {
      Optional<T> earlier = latch.enter(left, hash, type);
      T message = earlier.isPresent() ? earlier.get() : answer.make();
      if (!earlier.isPresent()) {
        latch.leave(left, hash, message);
      }
      isAnswered = true;
      return new Step.Send<>(message);
    } catch (LeaveException e) {
      return e.toStep();
    } finally {
      if (!isAnswered) {
        erase();
      }
    }
  }

  private static <T> T required(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("the stage before has set this, as the latch sees to");
    }
    return value;
  }

  /** What the device has seen, for comparison with the round's record. */
  public synchronized MemberView view() {
    return new MemberView(terms, advertisement, members, u2, u3, quorum);
  }

  /** Ends the session and erases its secrets; what was answered is not answered again. */
  public synchronized void erase() {
    latch.erase();
    secrets.erase();
  }

  /** Prints where it stands only. */
  @Override
  public synchronized String toString() {
    return "MaskingSession[" + terms.session() + ", " + latch.state() + "]";
  }
}
