package io.tacit.protocol.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.ByteString;
import io.tacit.protocol.v1.CohortSettings;
import io.tacit.protocol.v1.FeatureSchema;
import io.tacit.protocol.v1.TrainingPlan;
import java.util.List;
import org.junit.jupiter.api.Test;

class WireMessageTest {

  @Test
  void reads_what_generated_messages_write() {
    TrainingPlan written =
        TrainingPlan.newBuilder()
            .setId("ïd")
            .setVersion(-1)
            .setCohort(CohortSettings.newBuilder().setOverSelection(1.25))
            .setFeatures(FeatureSchema.newBuilder().addPositiveEvents("a").addPositiveEvents(""))
            .build();

    WireMessage read = WireMessage.parse(written.toByteArray());

    assertThat(read.string(TrainingPlan.ID_FIELD_NUMBER)).isEqualTo("ïd");
    assertThat(read.uint32(TrainingPlan.VERSION_FIELD_NUMBER)).isEqualTo(-1);
    assertThat(
            read.message(TrainingPlan.COHORT_FIELD_NUMBER)
                .float64(CohortSettings.OVER_SELECTION_FIELD_NUMBER))
        .isEqualTo(1.25);
    assertThat(
            read.message(TrainingPlan.FEATURES_FIELD_NUMBER)
                .strings(FeatureSchema.POSITIVE_EVENTS_FIELD_NUMBER))
        .containsExactly("a", "");
  }

  @Test
  void a_field_that_is_missing_or_of_another_type_has_the_default_value() {
    WireMessage read = WireMessage.parse(new byte[] {1 << 3, 7});

    assertThat(read.uint32(1)).isEqualTo(7);
    assertThat(read.string(1)).isEmpty();
    assertThat(read.float64(1)).isZero();
    assertThat(read.has(1)).isFalse();
    assertThat(read.bool(2)).isFalse();
    assertThat(read.messages(2)).isEmpty();
    assertThat(read.message(2).uint64(1)).isZero();
  }

  @Test
  void the_last_of_several_counts_and_what_is_unknown_is_passed_over() {
    final int fixed32 = 5;
    WireMessage read =
        WireMessage.parse(new byte[] {1 << 3, 7, 3 << 3 | fixed32, 0, 0, 0, 0, 1 << 3, 8});

    assertThat(read.uint32(1)).isEqualTo(8);
  }

  @Test
  void refuses_what_is_no_message_and_text_that_is_not_utf_8() {
    String refusal = "plan is not a tacit.v1.TrainingPlan message";
    for (byte[] bytes :
        List.of(new byte[] {1 << 3}, new byte[] {1 << 3 | 2, 5, 0}, new byte[] {7, 7})) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> WireMessage.parse(bytes))
          .withMessage(refusal);
    }
    byte[] text = {1 << 3 | 2, 1, (byte) 0xff};
    assertThat(WireMessage.parse(text).bytes(1))
        .isEqualTo(ByteString.copyFrom(text, 2, 1).toByteArray());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WireMessage.parse(text).string(1))
        .withMessage(refusal);
  }
}
