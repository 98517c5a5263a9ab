package io.tacit.shop;

import io.tacit.client.CoordinatorAddress;
import io.tacit.client.Storage;
import io.tacit.client.TacitClient;
import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.policy.ClientPolicy;
import io.tacit.client.recommend.RecommendationContext;
import io.tacit.client.recommend.RecommendationRequest;
import io.tacit.client.schedule.Conditions;
import io.tacit.client.schedule.DeviceState;
import io.tacit.client.schedule.DeviceStateSource;
import io.tacit.client.schedule.TimerSchedule;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;

/** What the guide shows and the shop has no use for. */
final class Snippets {

  private Snippets() {}

  static TacitClient production(Path directory, String taskKey) {
    char[] password = "from the keychain".toCharArray();
    // tag::production[]
    return TacitClient.builder(directory, "shop")
        .storage(Storage.encrypted(password))
        .coordinator(CoordinatorAddress.tls("tacit.example.com", 443))
        .policy(
            ClientPolicy.production()
                .withTaskKeys(taskKey) // what tacit key show prints
                .withCohortMinimum(100)
                .withClipNormMax(1))
        .conditions(Conditions.unnoticed())
        .build();
    // end::production[]
  }

  static Storage withKey() {
    String kept = "5f1c0a4c9be2d4b8a3e6707d19c2f8e45f1c0a4c9be2d4b8a3e6707d19c2f8e4";
    // tag::key[]
    byte[] key = HexFormat.of().parseHex(kept); // 32 bytes of a SecureRandom, from the keychain
    return Storage.encryptedWithKey(key);
    // end::key[]
  }

  static ClientPolicy bounded() {
    // tag::epsilon[]
    return ClientPolicy.production().withEpsilonMax(4, 12); // models, coordinator
    // end::epsilon[]
  }

  static BehaviourEvent event(Instant now) {
    // tag::event[]
    return BehaviourEvent.of(BehaviourEvent.PLAY, "episode-17", now)
        .with("minutes", 12.5)
        .with("device", "car");
    // end::event[]
  }

  static RecommendationRequest request() {
    // tag::request[]
    return RecommendationRequest.best(10)
        .onlyWith("category", "tea")
        .without("category", "sale")
        .withDiversity(0.3)
        .withKnownItems()
        .in(RecommendationContext.none().onItem("sencha").interestedIn("category", "baking"));
    // end::request[]
  }

  static void schedule(TacitClient client) {
    // tag::schedule[]
    DeviceStateSource laptop = () -> DeviceState.of(true, isOnMains(), true);
    client.start(TimerSchedule.of(laptop));
    // end::schedule[]
  }

  private static boolean isOnMains() {
    return true;
  }
}
