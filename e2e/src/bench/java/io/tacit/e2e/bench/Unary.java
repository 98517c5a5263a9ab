package io.tacit.e2e.bench;

import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A call with one answer, as a future. */
final class Unary<T> implements StreamObserver<T> {

  private final CompletableFuture<T> answer = new CompletableFuture<>();

  private Unary() {}

  static <T> CompletableFuture<T> call(Consumer<StreamObserver<T>> call) {
    Unary<T> observer = new Unary<>();
    call.accept(observer);
    return observer.answer;
  }

  @Override
  public void onNext(T value) {
    answer.complete(value);
  }

  @Override
  public void onError(Throwable failure) {
    answer.completeExceptionally(failure);
  }

  @Override
  public void onCompleted() {}
}
