package io.tacit.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TableTest {

  @Test
  void aligns_text_left_and_numbers_right() {
    Table table = new Table("NAME", "N").row("a", "1").row("longer", "-12.5 kB").row("", "-");

    assertThat(table)
        .hasToString(
            """
            NAME           N
            a              1
            longer  -12.5 kB
            -              -\
            """);
  }

  @Test
  void without_rows_is_its_headings() {
    assertThat(new Table("NAME", "N")).hasToString("NAME  N");
  }

  @Test
  void lets_nobody_steer_the_terminal() {
    assertThat(new Table("A").row("\u001b[31mred\n")).hasToString("A\n?[31mred?");
  }

  @Test
  void refuses_a_row_of_another_width() {
    assertThatThrownBy(() -> new Table("A", "B").row("1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("row has 1 cells, must have 2");
  }
}
