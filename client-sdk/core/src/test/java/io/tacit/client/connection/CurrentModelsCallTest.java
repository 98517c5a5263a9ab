package io.tacit.client.connection;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.tacit.client.connection.ConnectionException.Reason;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.crypto.TaskKeyPair;
import io.tacit.protocol.plan.Release;
import io.tacit.protocol.v1.CurrentModelsRequest;
import io.tacit.protocol.v1.CurrentModelsResponse;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which models a population has now, as a connection asks and is answered. */
class CurrentModelsCallTest extends ConnectionFixture {

  private static io.tacit.protocol.v1.CurrentModel.Builder currentModel(String plan) {
    return io.tacit.protocol.v1.CurrentModel.newBuilder()
        .setPlanId(plan)
        .setPlanVersion(2)
        .setPlanHash(bytes(HASH))
        .setModelVersion(3)
        .setModelHash(bytes(HASH));
  }

  private static CurrentModelsResponse currentModels(
      io.tacit.protocol.v1.CurrentModel.Builder... models) {
    CurrentModelsResponse.Builder response = CurrentModelsResponse.newBuilder();
    for (io.tacit.protocol.v1.CurrentModel.Builder model : models) {
      response.addModels(model);
    }
    return response.build();
  }

  @Test
  void current_models_are_asked_for_without_saying_who_asks() throws ConnectionException {
    List<CurrentModelsRequest> asked = new CopyOnWriteArrayList<>();
    coordinator.onCurrentModels =
        request -> {
          asked.add(request);
          return currentModels(currentModel("books"), currentModel("news").setModelVersion(0));
        };

    assertThat(connection.currentModels("readers", KINDS))
        .containsExactly(
            new CurrentModel(new PlanId("books"), 2, HASH, 3, HASH, Optional.empty()),
            new CurrentModel(new PlanId("news"), 2, HASH, 0, HASH, Optional.empty()));
    assertThat(asked)
        .containsExactly(
            CurrentModelsRequest.newBuilder()
                .setPopulation("readers")
                .addModelKinds("two-tower")
                .build());
  }

  @Test
  void a_population_without_models_is_an_empty_list() throws ConnectionException {
    assertThat(connection.currentModels("nobody", KINDS)).isEmpty();
  }

  @Test
  void a_release_comes_with_the_model_that_it_is_about() throws ConnectionException {
    TaskKeyPair owner = TaskKeyPair.generate(new SecureRandom());
    Release release = Release.sign(new PlanId("books"), 4, 3, HASH, owner);
    ByteString bytes = ByteString.copyFrom(release.toBytes());
    coordinator.onCurrentModels = request -> currentModels(currentModel("books").setRelease(bytes));

    assertThat(connection.currentModels("readers", KINDS))
        .containsExactly(
            new CurrentModel(new PlanId("books"), 2, HASH, 3, HASH, Optional.of(release)));

    assertMalformed(
        "Release[books number 4, model version 3, "
            + HASH
            + "] comes with version 2 of the model of plan books",
        currentModels(currentModel("books").setModelVersion(2).setRelease(bytes)));
    assertMalformed(
        "release is not a tacit.v1.Release message",
        currentModels(currentModel("books").setRelease(ByteString.copyFrom(new byte[] {1}))));
  }

  @Test
  void current_models_that_break_the_contract_are_refused() {
    assertMalformed(
        "plan id is \"\", must be 1 to 64 characters of a-z 0-9 - . _ and begin with a letter or"
            + " digit",
        currentModels(currentModel("")));
    assertMalformed(
        "plan version is 0, must be at least 1",
        currentModels(currentModel("news").setPlanVersion(0)));
    assertMalformed(
        "model version is -1, must be at least 0",
        currentModels(currentModel("news").setModelVersion(-1)));
    assertMalformed(
        "content hash has 0 bytes, must have exactly 32",
        currentModels(currentModel("news").clearModelHash()));
    assertMalformed(
        "content hash has 31 bytes, must have exactly 32",
        currentModels(currentModel("news").setPlanHash(ByteString.copyFrom(new byte[31]))));
    assertMalformed(
        "plan news has two current models",
        currentModels(currentModel("news"), currentModel("news")));
    assertMalformed(
        "33 current models, must be at most 32",
        currentModels(
            IntStream.range(0, 33)
                .mapToObj(i -> currentModel("plan-" + i))
                .toArray(io.tacit.protocol.v1.CurrentModel.Builder[]::new)));
  }

  private void assertMalformed(String detail, CurrentModelsResponse answer) {
    coordinator.onCurrentModels = request -> answer;
    ConnectionException malformed = failureOf(() -> connection.currentModels("readers", KINDS));
    assertThat(malformed.reason()).isEqualTo(Reason.MALFORMED_ANSWER);
    assertThat(malformed).hasMessage("the coordinator's answer breaks the contract: " + detail);
  }
}
