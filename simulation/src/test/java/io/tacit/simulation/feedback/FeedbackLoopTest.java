package io.tacit.simulation.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.simulation.evaluation.Estimate;
import io.tacit.simulation.feedback.FeedbackResult.Day;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeedbackLoopTest {

  private static final int DEVICES = 150;
  private static final int DAYS = 8;
  private static final int ROUNDS = 48;
  private static final long SEED = 11;

  @Test
  void the_click_rate_rises_above_popularity_as_devices_learn_from_what_they_recommended()
      throws Exception {
    List<Day> told = new ArrayList<>();

    FeedbackResult result = new FeedbackLoop(settings(false)).run(told::add);

    assertThat(told).isEqualTo(result.days()).hasSize(DAYS);
    assertThat(result.days())
        .extracting(Day::rounds)
        .containsExactly(6, 12, 18, 24, 30, 36, 42, 48);
    assertThat(lowEnd(result.overPopularity())).as("%s", result).isPositive();
    assertThat(lowEnd(result.rise())).as("%s", result).isPositive();
    // Popularity has learnt what it can before the first day.
    assertThat(result.days().get(0).federated()).isLessThan(result.days().get(0).popularity());
    Day last = result.days().get(DAYS - 1);
    assertThat(last.popularity()).isGreaterThan(last.random());
    assertThat(last.omniscient()).isGreaterThan(last.federated());
  }

  @Test
  void where_preferences_are_exchanged_every_night_nothing_personal_can_be_learnt()
      throws Exception {
    FeedbackResult result = new FeedbackLoop(settings(true)).run(day -> {});

    assertThat(result.overPopularity().mean())
        .as("%s", result)
        .isLessThan(result.overPopularity().standardError());
    Day last = result.days().get(DAYS - 1);
    assertThat(last.omniscient()).as("it is there to be known, on each day").isGreaterThan(0.4);
  }

  @Test
  void the_same_seed_gives_the_same_days() throws Exception {
    FeedbackSettings small = new FeedbackSettings(20, 3, 3, 10, false, SEED);

    FeedbackResult first = new FeedbackLoop(small).run(day -> {});

    assertThat(new FeedbackLoop(small).run(day -> {})).isEqualTo(first);
    assertThat(
            new FeedbackLoop(new FeedbackSettings(20, 3, 3, 10, false, SEED + 1))
                .run(day -> {})
                .days())
        .isNotEqualTo(first.days());
  }

  @Test
  void settings_out_of_range_are_refused_by_the_name_of_their_option() {
    assertThatThrownBy(() -> new FeedbackSettings(9, 3, 3, 5, false, 1))
        .hasMessage("--devices is 9, must be 10 to 10000");
    assertThatThrownBy(() -> new FeedbackSettings(20, 21, 3, 5, false, 1))
        .hasMessage("--days is 21, must be 2 to 20");
    assertThatThrownBy(() -> new FeedbackSettings(20, 3, 3, 21, false, 1))
        .hasMessage("--cohort is 21, must be 1 to 20");
  }

  private static FeedbackSettings settings(boolean shuffled) {
    return new FeedbackSettings(DEVICES, DAYS, ROUNDS, 75, shuffled, SEED);
  }

  /** The lower end of two standard errors. */
  private static double lowEnd(Estimate estimate) {
    return estimate.mean() - 2 * estimate.standardError();
  }
}
