package io.tacit.simulation.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SyntheticGeneratorTest {

  private static final SyntheticSettings SETTINGS = SyntheticSettings.of(200, 11);

  @ParameterizedTest
  @EnumSource
  void gives_the_same_data_for_the_same_seed_only(Scenario scenario) {
    InteractionDataSet data = SyntheticGenerator.generate(scenario, SETTINGS);

    assertThat(SyntheticGenerator.generate(scenario, SETTINGS)).isEqualTo(data);
    assertThat(SyntheticGenerator.generate(scenario, SyntheticSettings.of(200, 12)))
        .isNotEqualTo(data);
  }

  @ParameterizedTest
  @EnumSource
  void gives_each_user_at_least_five_different_items_at_different_times(Scenario scenario) {
    InteractionDataSet data = SyntheticGenerator.generate(scenario, SETTINGS);

    assertThat(data.users()).hasSize(200);
    assertThat(data.users())
        .allSatisfy(
            user -> {
              assertThat(user.interactions()).hasSizeBetween(5, 60);
              assertThat(user.interactions()).extracting(Interaction::item).doesNotHaveDuplicates();
              assertThat(user.interactions())
                  .extracting(Interaction::epochSeconds)
                  .isSorted()
                  .doesNotHaveDuplicates();
            });
  }

  @ParameterizedTest
  @EnumSource
  void gives_each_item_a_title_of_its_own(Scenario scenario) {
    InteractionDataSet data =
        SyntheticGenerator.generate(scenario, new SyntheticSettings(2, 2000, 11));

    assertThat(data.items()).extracting(Item::title).doesNotHaveDuplicates();
    assertThat(data.items()).allSatisfy(item -> assertThat(item.title()).matches("\\S.*\\S"));
  }

  @Test
  void schemas_have_the_fields_of_their_scenario() {
    assertThat(fields(Scenario.ECOMMERCE)).isEqualTo("price, category, brand");
    assertThat(fields(Scenario.SOCIAL)).isEqualTo("topics, author");
    assertThat(fields(Scenario.NEWS)).isEqualTo("section, age");
    assertThat(fields(Scenario.MEDIA)).isEqualTo("genre, duration, completion");
  }

  @Test
  void a_play_has_the_completed_share_as_its_value() {
    InteractionDataSet data = SyntheticGenerator.generate(Scenario.MEDIA, SETTINGS);

    assertThat(data.users())
        .flatExtracting(UserHistory::interactions)
        .extracting(interaction -> ((Interaction) interaction).value())
        .allSatisfy(value -> assertThat(value).isBetween(0f, 1f))
        .hasSizeGreaterThan(1000);
  }

  @Test
  void refuses_a_catalogue_too_small_to_evaluate_on() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SyntheticSettings(10, 299, 1))
        .withMessage("synthetic data has 299 items, must be 300 to 10000");
  }

  @Test
  void refuses_a_single_user() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SyntheticSettings.of(1, 1))
        .withMessage("synthetic data has 1 users, must be 2 to 100000");
  }

  private static String fields(Scenario scenario) {
    return scenario.schema().stream().map(AttributeField::name).collect(Collectors.joining(", "));
  }
}
