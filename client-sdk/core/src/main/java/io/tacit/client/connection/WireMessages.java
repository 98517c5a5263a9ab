package io.tacit.client.connection;

import com.google.protobuf.ByteString;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.RoundId;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.Stage;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.plan.Release;
import io.tacit.protocol.v1.AwaitResponse;
import io.tacit.protocol.v1.CertificateResponse;
import io.tacit.protocol.v1.CheckInRequest;
import io.tacit.protocol.v1.CheckInResponse;
import io.tacit.protocol.v1.CurrentModelsResponse;
import io.tacit.protocol.v1.PollResponse;
import io.tacit.protocol.v1.Refused;
import io.tacit.protocol.v1.SubmitResponse;
import io.tacit.protocol.v1.UploadResponse;
import io.tacit.protocol.v1.UploadStatusResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Generated messages to values of the domain. Everything that a coordinator says is checked here;
 * {@link IllegalArgumentException} means that the answer breaks the contract.
 */
final class WireMessages {

  private static final long MILLIS_MAX = Duration.ofDays(1).toMillis();

  private WireMessages() {}

  static ByteString bytes(ClientId id) {
    return ByteString.copyFrom(id.toBytes());
  }

  static ByteString bytes(SessionId id) {
    return ByteString.copyFrom(id.toBytes());
  }

  static ByteString bytes(ContentHash hash) {
    return ByteString.copyFrom(hash.toBytes());
  }

  static ByteString bytes(Ticket ticket) {
    return ByteString.copyFrom(ticket.toBytes());
  }

  static io.tacit.protocol.v1.Stage stage(Stage stage) {
    return switch (stage) {
      case ADVERTISE -> io.tacit.protocol.v1.Stage.STAGE_ADVERTISE;
      case SHARE_KEYS -> io.tacit.protocol.v1.Stage.STAGE_SHARE_KEYS;
      case INPUT -> io.tacit.protocol.v1.Stage.STAGE_INPUT;
      case CONSISTENCY -> io.tacit.protocol.v1.Stage.STAGE_CONSISTENCY;
      case UNMASK -> io.tacit.protocol.v1.Stage.STAGE_UNMASK;
      case COMPLETED -> io.tacit.protocol.v1.Stage.STAGE_COMPLETED;
      case ABORTED -> io.tacit.protocol.v1.Stage.STAGE_ABORTED;
    };
  }

  static CheckInRequest checkIn(ClientId client, CheckIn checkIn) {
    return CheckInRequest.newBuilder()
        .setPlanId(checkIn.round().plan().value())
        .setPlanHash(bytes(checkIn.planHash()))
        .setRound(checkIn.round().number())
        .setModelHash(bytes(checkIn.modelHash()))
        .setClientId(bytes(client))
        .build();
  }

  static PollOutcome outcome(PollResponse response) {
    return switch (response.getOutcomeCase()) {
      case ASSIGNMENT -> assignment(response.getAssignment());
      case COME_BACK -> comeBack(response.getComeBack());
      case OUTCOME_NOT_SET -> throw noOutcome("poll");
    };
  }

  private static Assignment assignment(io.tacit.protocol.v1.Assignment message) {
    if (message.getPlanVersion() < 1) {
      throw new IllegalArgumentException(
          "plan version is " + message.getPlanVersion() + ", must be at least 1");
    }
    return new Assignment(
        new RoundId(new PlanId(message.getPlanId()), message.getRound()),
        message.getPlanVersion(),
        hash(message.getPlanHash()),
        hash(message.getModelHash()),
        millis("train_within_millis", message.getTrainWithinMillis()));
  }

  private static ComeBack comeBack(io.tacit.protocol.v1.ComeBack message) {
    ComeBack.Reason reason =
        switch (message.getReason()) {
          case COME_BACK_REASON_NO_ROUND -> ComeBack.Reason.NO_ROUND;
          case COME_BACK_REASON_ROUND_FULL -> ComeBack.Reason.ROUND_FULL;
          case COME_BACK_REASON_ALREADY_JOINED -> ComeBack.Reason.ALREADY_JOINED;
          case COME_BACK_REASON_MODEL_KIND_UNKNOWN -> ComeBack.Reason.MODEL_KIND_UNKNOWN;
          case COME_BACK_REASON_STALE -> ComeBack.Reason.STALE;
          case COME_BACK_REASON_UNSPECIFIED, UNRECOGNIZED -> ComeBack.Reason.OTHER;
        };
    return new ComeBack(millis("after_millis", message.getAfterMillis()), reason);
  }

  static List<CurrentModel> currentModels(CurrentModelsResponse response) {
    if (response.getModelsCount() > WireLimits.CURRENT_MODELS_MAX) {
      throw new IllegalArgumentException(
          response.getModelsCount()
              + " current models, must be at most "
              + WireLimits.CURRENT_MODELS_MAX);
    }
    List<CurrentModel> models = new ArrayList<>(response.getModelsCount());
    Set<PlanId> plans = new HashSet<>();
    for (io.tacit.protocol.v1.CurrentModel message : response.getModelsList()) {
      PlanId plan = new PlanId(message.getPlanId());
      if (!plans.add(plan)) {
        throw new IllegalArgumentException("plan " + plan + " has two current models");
      }
      models.add(
          new CurrentModel(
              plan,
              message.getPlanVersion(),
              hash(message.getPlanHash()),
              message.getModelVersion(),
              hash(message.getModelHash()),
              message.getRelease().isEmpty()
                  ? Optional.empty()
                  : Optional.of(Release.fromBytes(message.getRelease().toByteArray()))));
    }
    return List.copyOf(models);
  }

  static CheckInOutcome outcome(CheckInResponse response) {
    return switch (response.getOutcomeCase()) {
      case OFFER ->
          new SessionOffer(
              SessionId.fromBytes(response.getOffer().getSessionId().toByteArray()),
              response.getOffer().getSuite(),
              millis("advertise_within_millis", response.getOffer().getAdvertiseWithinMillis()),
              millis("input_within_millis", response.getOffer().getInputWithinMillis()));
      case COME_BACK -> comeBack(response.getComeBack());
      case OUTCOME_NOT_SET -> throw noOutcome("check-in");
    };
  }

  /** The answer to an advertisement, which brings a ticket. */
  static SubmitOutcome joined(SubmitResponse response) {
    return switch (response.getOutcomeCase()) {
      case ACCEPTED ->
          new SubmitOutcome.Joined(
              Ticket.fromBytes(response.getAccepted().getTicket().toByteArray()));
      case REFUSED -> refusal(response.getRefused());
      case OUTCOME_NOT_SET -> throw noOutcome("submit");
    };
  }

  /** The answer to the message of a later stage. */
  static SubmitOutcome stored(SubmitResponse response) {
    return switch (response.getOutcomeCase()) {
      case ACCEPTED -> new SubmitOutcome.Stored();
      case REFUSED -> refusal(response.getRefused());
      case OUTCOME_NOT_SET -> throw noOutcome("submit");
    };
  }

  static UploadOutcome outcome(UploadResponse response) {
    return switch (response.getOutcomeCase()) {
      case ACCEPTED -> new UploadOutcome.Stored();
      case REFUSED -> refusal(response.getRefused());
      case OUTCOME_NOT_SET -> throw noOutcome("upload");
    };
  }

  static UploadStatus outcome(UploadStatusResponse response) {
    return switch (response.getOutcomeCase()) {
      case PROGRESS -> {
        long offset = response.getProgress().getOffset();
        // Nothing has arrived: there is nothing to hash.
        yield offset == 0
            ? new UploadStatus.Partial(0, ContentHash.of(new byte[0]))
            : new UploadStatus.Partial(offset, hash(response.getProgress().getSha256SoFar()));
      }
      case ACCEPTED -> new UploadStatus.Stored();
      case REFUSED -> refusal(response.getRefused());
      case OUTCOME_NOT_SET -> throw noOutcome("upload status");
    };
  }

  static AwaitOutcome outcome(AwaitResponse response) {
    return switch (response.getOutcomeCase()) {
      case STATE -> state(response.getState());
      case REFUSED -> refusal(response.getRefused());
      case OUTCOME_NOT_SET -> throw noOutcome("await");
    };
  }

  private static SessionState state(io.tacit.protocol.v1.SessionState message) {
    Stage stage = Stage.ofNumber(message.getStageValue());
    return new SessionState(
        stage,
        message.getRosterSize(),
        message.getContributors(),
        stage == Stage.COMPLETED ? hash(message.getNewModelHash()) : null,
        message.getAbortReason(),
        publication(message),
        message.getRecordHash().isEmpty() ? null : hash(message.getRecordHash()));
  }

  private static @Nullable Publication publication(io.tacit.protocol.v1.SessionState message) {
    return switch (message.getPublishedCase()) {
      case ROSTER -> Publication.of(Stage.SHARE_KEYS, message.getRoster().toByteArray());
      case INBOX -> Publication.of(Stage.INPUT, message.getInbox().toByteArray());
      case SURVIVORS -> Publication.of(Stage.CONSISTENCY, message.getSurvivors().toByteArray());
      case SIGNATURES -> Publication.of(Stage.UNMASK, message.getSignatures().toByteArray());
      case PUBLISHED_NOT_SET -> null;
    };
  }

  private static Refusal refusal(Refused message) {
    Refusal.Reason reason =
        switch (message.getReason()) {
          case REFUSAL_REASON_SESSION_UNKNOWN -> Refusal.Reason.SESSION_UNKNOWN;
          case REFUSAL_REASON_STAGE_CLOSED -> Refusal.Reason.STAGE_CLOSED;
          case REFUSAL_REASON_ROSTER_FULL -> Refusal.Reason.ROSTER_FULL;
          case REFUSAL_REASON_NOT_ON_ROSTER -> Refusal.Reason.NOT_ON_ROSTER;
          case REFUSAL_REASON_BAD_SIGNATURE -> Refusal.Reason.BAD_SIGNATURE;
          case REFUSAL_REASON_OTHER_BYTES -> Refusal.Reason.OTHER_BYTES;
          case REFUSAL_REASON_WRONG_LENGTH -> Refusal.Reason.WRONG_LENGTH;
          case REFUSAL_REASON_WRONG_DIGEST -> Refusal.Reason.WRONG_DIGEST;
          case REFUSAL_REASON_WRONG_OFFSET -> Refusal.Reason.WRONG_OFFSET;
          case REFUSAL_REASON_SUPERSEDED -> Refusal.Reason.SUPERSEDED;
          case REFUSAL_REASON_UNSPECIFIED, UNRECOGNIZED -> Refusal.Reason.OTHER;
        };
    return new Refusal(reason, message.getDetail());
  }

  private static ContentHash hash(ByteString bytes) {
    return ContentHash.fromDigest(bytes.toByteArray());
  }

  private static Duration millis(String field, long millis) {
    if (millis < 0 || millis > MILLIS_MAX) {
      throw new IllegalArgumentException(field + " is " + millis + ", must be 0 to " + MILLIS_MAX);
    }
    return Duration.ofMillis(millis);
  }

  private static IllegalArgumentException noOutcome(String call) {
    return new IllegalArgumentException(
        "answer to " + call + " has no outcome that this client knows; update the app");
  }

  static CertificateOutcome outcome(CertificateResponse response) {
    if (response.hasCertificate()) {
      return new CertificateOutcome.Issued(response.getCertificate().toByteArray());
    } else if (response.hasRefused()) {
      long millis = response.getRefused().getRetryAfterMillis();
      return new CertificateOutcome.Refused(
          response.getRefused().getDetail(),
          millis <= 0 ? null : Duration.ofMillis(Math.min(millis, MILLIS_MAX)));
    }
    throw noOutcome("Enrol");
  }
}
