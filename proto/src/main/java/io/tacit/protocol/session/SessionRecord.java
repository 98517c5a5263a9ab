package io.tacit.protocol.session;

import com.google.protobuf.ByteString;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.Suite;
import io.tacit.protocol.crypto.IdentityKeyCache;
import io.tacit.protocol.crypto.Transcript;
import io.tacit.protocol.masking.MemberSet;
import io.tacit.protocol.masking.SessionTranscript;
import io.tacit.protocol.masking.SurvivorFloor;
import java.util.Optional;

/**
 * What one completed session did, as part of a {@link RoundRecord}.
 *
 * @param session its id
 * @param suite CLASSIC or HYBRID
 * @param roster as published
 * @param survivors who shared, and whose updates are in the sum
 * @param signatures of survivors over that
 * @param sumDigest SHA-256 over the shard's sum: lanes u32, little-endian; over nothing where the
 *     coordinator adds noise, since the sum has none
 */
public record SessionRecord(
    SessionId session,
    Suite suite,
    Roster roster,
    Survivors survivors,
    SignatureSet signatures,
    ContentHash sumDigest) {

  static SessionRecord read(io.tacit.protocol.v1.SessionRecord message) {
    Suite suite = Suite.ofNumber(message.getSuite());
    if (!suite.isSecure()) {
      throw new IllegalArgumentException("sessions.suite is 0, must be 1 or 2");
    }
    Roster roster = Roster.read(message.getRoster());
    return new SessionRecord(
        SessionId.fromBytes(message.getSessionId().toByteArray()),
        suite,
        roster,
        new Survivors(
            MemberSet.fromBitmap(roster.size(), message.getU2().toByteArray()),
            MemberSet.fromBitmap(roster.size(), message.getU3().toByteArray())),
        new SignatureSet(IndexedSignature.read(message.getSignaturesList(), roster.size())),
        ContentHash.fromDigest(message.getSumDigest().toByteArray()));
  }

  io.tacit.protocol.v1.SessionRecord toMessage() {
    io.tacit.protocol.v1.SessionRecord.Builder message =
        io.tacit.protocol.v1.SessionRecord.newBuilder()
            .setSessionId(ByteString.copyFrom(session.toBytes()))
            .setSuite(suite.number())
            .setRoster(roster.toMessage())
            .setU2(ByteString.copyFrom(survivors.u2().toBitmap()))
            .setU3(ByteString.copyFrom(survivors.u3().toBitmap()))
            .setSumDigest(ByteString.copyFrom(sumDigest.toBytes()));
    for (IndexedSignature signature : signatures.signatures()) {
      message.addSignatures(signature.toMessage());
    }
    return message.build();
  }

  /**
   * What is wrong with it; who signed the devices' certificates is not looked at.
   *
   * @param planHash of the round
   * @param baseModel of the round
   * @param round of the plan
   * @param keys of clients seen before
   * @param floor how many of the roster must be in the sum
   * @return empty if every entry was signed for this plan, model, round and session, and enough
   *     survivors signed for these survivors
   */
  Optional<String> flaw(
      ContentHash planHash,
      ContentHash baseModel,
      long round,
      IdentityKeyCache keys,
      SurvivorFloor floor) {
    byte[] ctx0 = Transcript.sessionContext(suite.number(), session, planHash, baseModel, round);
    Roster.Opened opened = roster.open(suite, ctx0, keys);
    if (opened instanceof Roster.BadEntry) {
      Roster.BadEntry bad = (Roster.BadEntry) opened;
      return Optional.of("entry " + bad.index() + " of the roster " + bad.flaw());
    }
    Roster.Members members = (Roster.Members) opened;
    int threshold = SessionTranscript.threshold(roster.size());
    if (roster.threshold() != threshold) {
      return Optional.of("threshold is " + roster.threshold() + ", must be " + threshold);
    }
    MemberSet u3 = survivors.u3();
    int needed = floor.of(roster.size());
    if (!u3.isSubsetOf(survivors.u2()) || u3.size() < needed) {
      return Optional.of(
          "survivors are " + u3 + ", must be " + needed + " or more of " + survivors.u2());
    }
    byte[] digest = survivors.digest(members.ctx1());
    int signers =
        signatures
            .signers(digest, u3, index -> members.member(index).identityKey(), threshold)
            .size();
    return signers < threshold
        ? Optional.of(
            signers + " survivors have signed for the survivors, must be " + threshold + " or more")
        : Optional.empty();
  }
}
