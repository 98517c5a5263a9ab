package io.tacit.simulation.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataSetSourceTest {

  @Test
  void parses_msweb() {
    assertThat(DataSetSource.parse("msweb")).isEqualTo(new DataSetSource.MsWeb());
  }

  @Test
  void parses_movielens_with_any_path() {
    assertThat(DataSetSource.parse("movielens:/my data/a:b"))
        .isEqualTo(new DataSetSource.MovieLens(Path.of("/my data/a:b")));
  }

  @Test
  void parses_a_table_and_gives_attributes_to_nothing_else() {
    Path users = Path.of("users.csv");
    Path items = Path.of("items.csv");

    assertThat(DataSetSource.parse("csv:clicks.csv").withAttributes(users, items))
        .isEqualTo(new DataSetSource.Csv(Path.of("clicks.csv"), users, items));
    assertThat(DataSetSource.parse("msweb").withAttributes(null, null))
        .isEqualTo(new DataSetSource.MsWeb());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DataSetSource.parse("msweb").withAttributes(users, null))
        .withMessage(
            "--user-attributes and --item-attributes are tables that go with --data csv:PATH; leave"
                + " them out with other data");
  }

  @ParameterizedTest
  @EnumSource
  void parses_each_scenario(Scenario scenario) {
    assertThat(DataSetSource.parse("synthetic:" + scenario.label()))
        .isEqualTo(new DataSetSource.Synthetic(scenario));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "MSWEB",
        "msweb:",
        "msweb:x",
        "movielens",
        "movielens:",
        "csv",
        "csv:",
        "synthetic",
        "synthetic:shop",
        "netflix"
      })
  void lists_the_forms_when_given_another(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DataSetSource.parse(text))
        .withMessage(
            "data set is \""
                + text
                + "\", must be one of: msweb | movielens:PATH |"
                + " csv:PATH | synthetic:ecommerce|social|news|media");
  }

  @Test
  void loads_each_source() throws Exception {
    SyntheticSettings synthetic = SyntheticSettings.of(2, 1);

    assertThat(DataSetSource.parse("msweb").load(SampleData.msWebFile(), synthetic).name())
        .isEqualTo("msweb");
    assertThat(
            DataSetSource.parse("synthetic:news").load(SampleData.msWebFile(), synthetic).users())
        .hasSize(2);
  }
}
