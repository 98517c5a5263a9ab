package io.tacit.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChartTest {

  @ParameterizedTest
  @CsvSource({"1,0.2", "0.7,0.2", "0.03,0.01", "47,10", "0,1"})
  void an_axis_has_round_steps(double range, double step) {
    assertThat(Scale.step(range)).isEqualTo(step);
  }

  @Test
  void marks_have_no_more_digits_than_they_need() {
    assertThat(Scale.tick(0.30000000000000004)).isEqualTo("0.3");
    assertThat(Scale.tick(10)).isEqualTo("10");
    assertThat(Scale.tick(0)).isEqualTo("0");
  }

  @Test
  void what_comes_from_elsewhere_is_escaped() {
    assertThat(new Markup().add("<b>{}</b>", "<script>'\"&").toString())
        .isEqualTo("<b>&lt;script&gt;&#39;&quot;&amp;</b>");
  }

  @Test
  void bars_are_as_long_as_their_values_and_say_them_in_words() {
    String svg =
        new BarChart(
                "Title",
                List.of(
                    new BarChart.Bar("half", 0.5, 0.1, true),
                    new BarChart.Bar("full", 1, 0, false)),
                List.of(new BarChart.Mark("chance", 0.1)))
            .svg()
            .toString();

    // 380 units wide from 190 on.
    assertThat(svg)
        .contains("<rect class='bar strong' x='190' y='40.00' width='190.00'")
        .contains("<rect class='bar' x='190' y='68.00' width='380.00'")
        .contains("<title>half: 0.500 ± 0.100</title>")
        .contains("<line class='mark' x1='228.00'");
  }

  @Test
  void lines_go_from_edge_to_edge_and_are_named() {
    String svg =
        new LineChart(
                "Title",
                "round",
                List.of(
                    new LineChart.Line("a", 0, new double[] {1, 3}, new double[] {0, 1}),
                    new LineChart.Line("one", 8, new double[] {2}, new double[] {0.5})))
            .svg()
            .toString();

    assertThat(svg)
        .contains("points='48.00,256.00 624.00,34.00'")
        .contains("<polyline class='line s1' points='336.00,145.00'>")
        .contains(">round</text>", ">one</text>");
  }
}
