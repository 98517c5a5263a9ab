package io.tacit.coordinator.service.rpc;

import io.grpc.stub.StreamObserver;
import io.tacit.coordinator.release.CurrentModels;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.v1.CurrentModelsRequest;
import io.tacit.protocol.v1.CurrentModelsResponse;
import io.tacit.protocol.v1.ModelsGrpc;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * {@code tacit.v1.Models}. Workers look up, since the database may be asked. A message does not say
 * who asks: which device it is, for releases to a share of them, says the token of the call.
 */
@Singleton
class ModelsGrpcService extends ModelsGrpc.ModelsImplBase {

  private final CurrentModels currentModels;
  private final Executor workers;

  ModelsGrpcService(CurrentModels currentModels, Executor workers) {
    this.currentModels = currentModels;
    this.workers = workers;
  }

  @Override
  public void current(
      CurrentModelsRequest request, StreamObserver<CurrentModelsResponse> observer) {
    Replies.sendLater(
        observer,
        () -> {
          String population = WireFields.name("population", request.getPopulation());
          Set<String> modelKinds = WireFields.modelKinds(request.getModelKindsList());
          // Here, as a worker knows nothing of the call.
          ClientId device = AdmissionInterceptor.device().orElse(null);
          return CompletableFuture.supplyAsync(
              () -> currentModels.of(population, modelKinds, device), workers);
        },
        Replies::currentModels);
  }
}
