package io.tacit.coordinator.service.rpc;

import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tacit.coordinator.release.CurrentModel;
import io.tacit.coordinator.rounds.CheckInOutcome;
import io.tacit.coordinator.rounds.ComeBack;
import io.tacit.coordinator.rounds.PollOutcome;
import io.tacit.coordinator.sessions.AwaitOutcome;
import io.tacit.coordinator.sessions.Refusal;
import io.tacit.coordinator.sessions.SessionProgress;
import io.tacit.coordinator.sessions.SubmitOutcome;
import io.tacit.coordinator.sessions.UploadState;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.v1.Accepted;
import io.tacit.protocol.v1.Assignment;
import io.tacit.protocol.v1.AwaitResponse;
import io.tacit.protocol.v1.CheckInResponse;
import io.tacit.protocol.v1.ComeBackReason;
import io.tacit.protocol.v1.CurrentModelsResponse;
import io.tacit.protocol.v1.PollResponse;
import io.tacit.protocol.v1.RefusalReason;
import io.tacit.protocol.v1.Refused;
import io.tacit.protocol.v1.SessionOffer;
import io.tacit.protocol.v1.SessionState;
import io.tacit.protocol.v1.Stage;
import io.tacit.protocol.v1.SubmitResponse;
import io.tacit.protocol.v1.UploadProgress;
import io.tacit.protocol.v1.UploadResponse;
import io.tacit.protocol.v1.UploadStatusResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/** Outcomes as wire messages, and the two ways to send them. */
final class Replies {

  private Replies() {}

  /** Answers at once. */
  static <T> void send(StreamObserver<T> observer, Supplier<T> answer) {
    T message;
    try {
      message = answer.get();
    } catch (RuntimeException e) {
      observer.onError(RpcStatus.of(e));
      return;
    }
    observer.onNext(message);
    observer.onCompleted();
  }

  /** Answers when the outcome is there; a future is cancelled if the caller is gone before. */
  static <O, T> void sendLater(
      StreamObserver<T> observer,
      Supplier<? extends CompletionStage<O>> call,
      Function<? super O, T> toMessage) {
    CompletionStage<O> outcome;
    try {
      outcome = call.get();
    } catch (RuntimeException e) {
      observer.onError(RpcStatus.of(e));
      return;
    }
    ServerCallStreamObserver<T> caller = (ServerCallStreamObserver<T>) observer;
    if (outcome instanceof CompletableFuture<O> future) {
      caller.setOnCancelHandler(() -> future.cancel(false));
    }
    outcome.whenComplete(
        (value, failure) -> {
          if (caller.isCancelled()) {
            return;
          }
          if (failure != null) {
            observer.onError(RpcStatus.of(failure));
          } else {
            send(observer, () -> toMessage.apply(value));
          }
        });
  }

  static PollResponse poll(PollOutcome outcome) {
    if (outcome instanceof PollOutcome.Assignment assignment) {
      return PollResponse.newBuilder()
          .setAssignment(
              Assignment.newBuilder()
                  .setPlanId(assignment.round().plan().value())
                  .setPlanVersion(assignment.planVersion())
                  .setPlanHash(bytes(assignment.planHash()))
                  .setRound(assignment.round().number())
                  .setModelHash(bytes(assignment.modelHash()))
                  .setTrainWithinMillis(assignment.trainWithin().toMillis()))
          .build();
    }
    return PollResponse.newBuilder().setComeBack(comeBack((ComeBack) outcome)).build();
  }

  static CurrentModelsResponse currentModels(List<CurrentModel> models) {
    CurrentModelsResponse.Builder response = CurrentModelsResponse.newBuilder();
    for (CurrentModel current : models) {
      response.addModels(
          io.tacit.protocol.v1.CurrentModel.newBuilder()
              .setPlanId(current.model().plan().value())
              .setPlanVersion(current.plan().plan().version())
              .setPlanHash(bytes(current.plan().hash()))
              .setModelVersion(current.model().version())
              .setModelHash(bytes(current.model().hash()))
              .setRelease(
                  current
                      .release()
                      .map(release -> ByteString.copyFrom(release.toBytes()))
                      .orElse(ByteString.EMPTY)));
    }
    return response.build();
  }

  static CheckInResponse checkIn(CheckInOutcome outcome) {
    if (outcome instanceof CheckInOutcome.Offer offer) {
      return CheckInResponse.newBuilder()
          .setOffer(
              SessionOffer.newBuilder()
                  .setSessionId(ByteString.copyFrom(offer.session().toBytes()))
                  .setSuite(offer.suite())
                  .setAdvertiseWithinMillis(offer.advertiseWithin().toMillis())
                  .setInputWithinMillis(offer.inputWithin().toMillis()))
          .build();
    }
    return CheckInResponse.newBuilder().setComeBack(comeBack((ComeBack) outcome)).build();
  }

  static SubmitResponse submit(SubmitOutcome outcome) {
    return outcome instanceof SubmitOutcome.Durable durable
        ? SubmitResponse.newBuilder().setAccepted(accepted(durable.ticket())).build()
        : SubmitResponse.newBuilder().setRefused(refused((Refusal) outcome)).build();
  }

  static UploadResponse upload(SubmitOutcome outcome) {
    return outcome instanceof SubmitOutcome.Durable durable
        ? UploadResponse.newBuilder().setAccepted(accepted(durable.ticket())).build()
        : UploadResponse.newBuilder().setRefused(refused((Refusal) outcome)).build();
  }

  static UploadStatusResponse uploadStatus(UploadState state) {
    UploadStatusResponse.Builder response = UploadStatusResponse.newBuilder();
    if (state instanceof UploadState.Partial partial) {
      response.setProgress(
          UploadProgress.newBuilder()
              .setOffset(partial.offset())
              .setSha256SoFar(bytes(partial.sha256SoFar())));
    } else if (state instanceof UploadState.Complete complete) {
      response.setAccepted(accepted(complete.ticket()));
    } else if (state instanceof UploadState.Unavailable unavailable) {
      response.setRefused(refused(unavailable.refusal()));
    }
    return response.build();
  }

  static AwaitResponse await(AwaitOutcome outcome) {
    return outcome instanceof SessionProgress progress
        ? AwaitResponse.newBuilder().setState(state(progress)).build()
        : AwaitResponse.newBuilder().setRefused(refused((Refusal) outcome)).build();
  }

  private static SessionState state(SessionProgress progress) {
    SessionState.Builder message =
        SessionState.newBuilder()
            .setStage(Stage.forNumber(progress.stage().number()))
            .setRosterSize(progress.rosterSize())
            .setContributors(progress.contributors())
            .setAbortReason(progress.abortReason());
    if (progress.newModel() != null) {
      message.setNewModelHash(bytes(progress.newModel()));
    }
    if (progress.recordHash() != null) {
      message.setRecordHash(bytes(progress.recordHash()));
    }
    if (progress.published() != null) {
      PublishedMessages.put(progress.published(), message);
    }
    return message.build();
  }

  private static io.tacit.protocol.v1.ComeBack comeBack(ComeBack comeBack) {
    return io.tacit.protocol.v1.ComeBack.newBuilder()
        .setAfterMillis(comeBack.after().toMillis())
        .setReason(ComeBackReason.valueOf("COME_BACK_REASON_" + comeBack.reason()))
        .build();
  }

  private static Accepted accepted(byte[] ticket) {
    return Accepted.newBuilder().setTicket(ByteString.copyFrom(ticket)).build();
  }

  private static Refused refused(Refusal refusal) {
    return Refused.newBuilder()
        .setReason(RefusalReason.valueOf("REFUSAL_REASON_" + refusal.reason()))
        .setDetail(refusal.detail())
        .build();
  }

  private static ByteString bytes(ContentHash hash) {
    return ByteString.copyFrom(hash.toBytes());
  }
}
