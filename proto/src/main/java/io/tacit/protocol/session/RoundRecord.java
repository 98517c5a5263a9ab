package io.tacit.protocol.session;

import com.google.protobuf.ByteString;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.RoundId;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.crypto.IdentityKeyCache;
import io.tacit.protocol.masking.SurvivorFloor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a round did, for those who took part: an artifact by its hash, which names the record before
 * it.
 *
 * <p>Guarantee: who knows the hash of one record can tell whether any record up to it was changed;
 * {@link #flaw} tells whether devices signed what it says. It is no proof that the sum was added or
 * applied right: nobody but the coordinator could give one, and it does not. Immutable.
 */
public final class RoundRecord {

  private final RoundId round;
  private final @Nullable ContentHash previous;
  private final ContentHash planHash;
  private final ContentHash baseModel;
  private final ContentHash newModel;
  private final List<SessionRecord> sessions;
  private final byte[] bytes;

  private RoundRecord(
      RoundId round,
      @Nullable ContentHash previous,
      ContentHash planHash,
      ContentHash baseModel,
      ContentHash newModel,
      List<SessionRecord> sessions,
      byte[] bytes) {
    this.round = round;
    this.previous = previous;
    this.planHash = planHash;
    this.baseModel = baseModel;
    this.newModel = newModel;
    this.sessions = List.copyOf(sessions);
    this.bytes = bytes;
  }

  /**
   * Records a round.
   *
   * @param previous hash of the record of the plan's completed round before; empty in the first
   * @param planHash of the plan as devices fetched it
   * @param baseModel that devices started from
   * @param newModel that the round made
   * @param sessions that completed, by ascending session id, 1 to {@link WireLimits#SESSIONS_MAX}
   */
  public static RoundRecord of(
      RoundId round,
      Optional<ContentHash> previous,
      ContentHash planHash,
      ContentHash baseModel,
      ContentHash newModel,
      List<SessionRecord> sessions) {
    io.tacit.protocol.v1.RoundRecord.Builder message =
        io.tacit.protocol.v1.RoundRecord.newBuilder()
            .setPlanId(round.plan().value())
            .setRound(round.number())
            .setPlanHash(ByteString.copyFrom(planHash.toBytes()))
            .setBaseModelHash(ByteString.copyFrom(baseModel.toBytes()))
            .setNewModelHash(ByteString.copyFrom(newModel.toBytes()));
    previous.ifPresent(hash -> message.setPrevious(ByteString.copyFrom(hash.toBytes())));
    for (SessionRecord session : sessions) {
      message.addSessions(session.toMessage());
    }
    return fromBytes(message.build().toByteArray());
  }

  /**
   * Reads a record.
   *
   * @throws IllegalArgumentException if it is malformed; what devices signed is not looked at
   */
  public static RoundRecord fromBytes(byte[] bytes) {
    io.tacit.protocol.v1.RoundRecord message =
        WireField.message(
            "round record",
            bytes,
            WireLimits.ROUND_RECORD_BYTES_MAX,
            io.tacit.protocol.v1.RoundRecord::parseFrom);
    WireField.within("sessions", message.getSessionsCount(), 1, WireLimits.SESSIONS_MAX);
    List<SessionRecord> sessions = new ArrayList<>();
    for (io.tacit.protocol.v1.SessionRecord session : message.getSessionsList()) {
      SessionRecord read = SessionRecord.read(session);
      if (!sessions.isEmpty()
          && sessions.get(sessions.size() - 1).session().compareTo(read.session()) >= 0) {
        throw new IllegalArgumentException(
            "sessions are not in ascending order of their ids, each once");
      }
      sessions.add(read);
    }
    return new RoundRecord(
        new RoundId(new PlanId(message.getPlanId()), message.getRound()),
        message.getPrevious().isEmpty() ? null : hash(message.getPrevious()),
        hash(message.getPlanHash()),
        hash(message.getBaseModelHash()),
        hash(message.getNewModelHash()),
        sessions,
        bytes.clone());
  }

  private static ContentHash hash(ByteString field) {
    return ContentHash.fromDigest(field.toByteArray());
  }

  /**
   * What is wrong with it, for somebody who has not its plan: survivors are enough if they are as
   * many as any plan asks for. Who signed the devices' certificates is not looked at.
   *
   * @param keys of clients seen before
   * @return empty if in each session every entry was signed for this plan, model, round and
   *     session, and enough survivors signed for its survivors
   */
  public Optional<String> flaw(IdentityKeyCache keys) {
    return flaw(keys, SurvivorFloor.THRESHOLD);
  }

  /**
   * What is wrong with it, survivors that are fewer than its plan asks for included.
   *
   * @param keys of clients seen before
   * @param floor of the plan whose hash it names: how many of a roster must be in its sum
   * @return as {@link #flaw(IdentityKeyCache)}
   */
  public Optional<String> flaw(IdentityKeyCache keys, SurvivorFloor floor) {
    for (SessionRecord session : sessions) {
      Optional<String> flaw = session.flaw(planHash, baseModel, round.number(), keys, floor);
      if (flaw.isPresent()) {
        return Optional.of("session " + session.session() + ": " + flaw.get());
      }
    }
    return Optional.empty();
  }

  /** Which round of which plan. */
  public RoundId round() {
    return round;
  }

  /** The hash of the record before it; empty in the first. */
  public Optional<ContentHash> previous() {
    return Optional.ofNullable(previous);
  }

  /** The hash of the plan, as devices fetched it. */
  public ContentHash planHash() {
    return planHash;
  }

  /** The hash of the model that devices started from. */
  public ContentHash baseModel() {
    return baseModel;
  }

  /** The hash of the model that the round made. */
  public ContentHash newModel() {
    return newModel;
  }

  /** The sessions that completed, by ascending session id. */
  public List<SessionRecord> sessions() {
    return sessions;
  }

  /** Its name. */
  public ContentHash hash() {
    return ContentHash.of(bytes);
  }

  /** As it was read, or made. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  @Override
  public String toString() {
    return "RoundRecord[" + round + ", " + sessions.size() + " sessions]";
  }
}
