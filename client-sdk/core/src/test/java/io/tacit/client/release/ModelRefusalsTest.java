package io.tacit.client.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.tacit.client.release.ModelDownloadOutcome.Reason;
import io.tacit.client.release.ModelDownloadOutcome.Refused;
import io.tacit.protocol.ContentHash;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What a device does not install, or not fetch at all. */
class ModelRefusalsTest extends ModelDownloadFixture {

  @Test
  void bytes_of_another_hash_are_not_installed() throws IOException {
    ContentHash model = release(PLAN, 1, byBias(1));
    update();
    ContentHash announced = byBias(-1).contentHash();
    coordinator.publishAs(announced, byBias(2).toBytes());
    announce(announcement(PLAN, 2, announced));

    assertThat(update())
        .isEqualTo(
            new Refused(
                Reason.WRONG_HASH,
                "model: artifact has hash "
                    + byBias(2).contentHash().toHex()
                    + ", must have "
                    + announced.toHex()
                    + "; what came is thrown away"));
    assertThat(store.modelHash()).contains(model);
  }

  @Test
  void a_truncated_model_is_not_installed() throws IOException {
    byte[] whole = byBias(1).toBytes();
    byte[] half = Arrays.copyOf(whole, whole.length / 2);
    coordinator.publish(PLAN.toBytes());
    announce(announcement(PLAN, 1, coordinator.publish(half)));

    assertThat(update())
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.reason()).isEqualTo(Reason.UNUSABLE));
    assertThat(store.installed()).isEmpty();
  }

  @Test
  void a_plan_of_a_foreign_population_is_refused_before_its_model_is_fetched() throws IOException {
    release(PLAN, 1, byBias(1));

    assertThat(update(ModelDownloadSettings.of("listeners")))
        .isEqualTo(
            new Refused(
                Reason.FOREIGN_PLAN,
                "plan news is for population readers, this app is in listeners"));
    assertThat(coordinator.calls()).containsExactly("current models", "download 0");
    assertThat(store.installed()).isEmpty();
  }

  @Test
  void a_plan_that_is_not_the_announced_one_is_refused() throws IOException {
    ContentHash model = release(PLAN, 1, byBias(1));
    announce(announcement(PLAN, 1, model).toBuilder().setPlanVersion(9).build());

    assertThat(update())
        .isEqualTo(
            new Refused(
                Reason.FOREIGN_PLAN, "plan is news version 1, announced was news version 9"));
  }

  @Test
  void what_is_no_plan_is_refused() throws IOException {
    ContentHash noPlan = coordinator.publish(new byte[] {1, 2});
    announce(
        announcement(PLAN, 1, byBias(1).contentHash()).toBuilder()
            .setPlanHash(ByteString.copyFrom(noPlan.toBytes()))
            .build());

    assertThat(update())
        .isEqualTo(
            new Refused(
                Reason.UNUSABLE,
                "the plan is unusable: plan is not a tacit.v1.TrainingPlan message"));
  }

  @Test
  void what_is_larger_than_the_app_allows_is_not_fetched() throws IOException {
    release(PLAN, 1, byBias(1));
    int modelBytes = byBias(1).toBytes().length;

    assertThat(update(SETTINGS.withBytesMax(1000, modelBytes - 1)))
        .isEqualTo(
            new Refused(
                Reason.TOO_LARGE,
                "the model of plan news has "
                    + modelBytes
                    + " bytes, this app takes at most "
                    + (modelBytes - 1)));
    assertThat(update(SETTINGS.withBytesMax(10, modelBytes)))
        .isEqualTo(
            new Refused(
                Reason.TOO_LARGE,
                "catalogue: artifact "
                    + ContentHash.of(CATALOGUE)
                    + " has "
                    + CATALOGUE.length
                    + " bytes, this client takes at most 10"));
    assertThat(store.installed()).isEmpty();
  }
}
