package io.tacit.simulation.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvFileTest {

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"\t", "::", ";", "|", ",", " "})
  void finds_the_separator_and_reads_columns_by_their_places(String separator) throws Exception {
    String table = "u1,a,4,100\nu2,b,5,90\nu1,b,1.5,50\n".replace(",", separator);

    InteractionDataSet data = load(table);

    assertThat(data.name()).isEqualTo("csv-clicks");
    assertThat(data.timed()).isTrue();
    assertThat(data.items()).extracting(Item::externalId).containsExactly("a", "b");
    assertThat(data.users()).extracting(UserHistory::externalId).containsExactly("u1", "u2");
    assertThat(data.users().get(0).interactions())
        .containsExactly(new Interaction(1, 50, 1.5f), new Interaction(0, 100, 4));
  }

  @Test
  void finds_columns_by_the_names_of_a_header_in_any_order_and_says_so() throws Exception {
    InteractionDataSet data =
        load("Timestamp;extra;movieId;user_id;Rating\n7;x;m1;u1;3\n\n5;y;m2;u1;4\n");

    assertThat(data.users().get(0).interactions())
        .containsExactly(new Interaction(1, 5, 4), new Interaction(0, 7, 3));
    assertThat(data.orderRule())
        .isEqualTo(
            "by time; at equal times the earlier line counts as earlier (columns by header,"
                + " divided by ;: user 4, item 3, value 5, time 1)");
  }

  @Test
  void passes_over_a_header_whose_names_it_does_not_know() throws Exception {
    InteractionDataSet data = load("wer,was,wie\nu1,a,2\nu1,b,3\n");

    assertThat(data.interactionCount()).isEqualTo(2);
    assertThat(data.users().get(0).interactions().get(0).value()).isEqualTo(2);
  }

  @Test
  void without_times_trusts_no_order() throws Exception {
    InteractionDataSet data = load("u1,a\nu1,b\n");

    assertThat(data.timed()).isFalse();
    assertThat(data.users().get(0).interactions())
        .containsExactly(Interaction.untimed(0), Interaction.untimed(1));
    assertThat(data.orderRule())
        .isEqualTo(
            "the source has no times, and the order of its lines is not trusted (columns by place,"
                + " divided by ,: user 1, item 2, value none, time none)");
  }

  @Test
  void takes_a_third_column_of_large_numbers_for_times() throws Exception {
    InteractionDataSet data = load("u1,a,1600000000\nu1,b,1500000000\n");

    assertThat(data.timed()).isTrue();
    assertThat(data.users().get(0).interactions().get(0))
        .isEqualTo(new Interaction(1, 1_500_000_000, 1));
  }

  @ParameterizedTest
  @CsvSource({
    "1700000000, 1700000000",
    "1700000000123, 1700000000",
    "1700000000.9, 1700000000",
    "2024-05-31, 1717113600",
    "2024-05-31 12:00:00, 1717156800",
    "2024-05-31T12:00:00Z, 1717156800"
  })
  void understands_times(String text, long seconds) throws Exception {
    InteractionDataSet data = load("user,item,time\nu1,a," + text + "\n");

    assertThat(data.users().get(0).interactions().get(0).epochSeconds()).isEqualTo(seconds);
  }

  @Test
  void at_equal_times_the_earlier_line_is_earlier_and_milliseconds_count() throws Exception {
    InteractionDataSet data =
        load("u1,a,1,1700000000900\nu1,b,1,1700000000100\nu1,c,1,1700000000100\n");

    assertThat(data.users().get(0).interactions())
        .extracting(Interaction::item)
        .containsExactly(1, 2, 0);
  }

  @Test
  void reads_quoted_fields_a_byte_order_mark_and_windows_line_ends() throws Exception {
    InteractionDataSet data =
        load("\uFEFFuser,item,value\r\nu1,\"a, \"\"b\"\"\",2\r\nu1,\"č\",3\r\n");

    assertThat(data.items()).extracting(Item::externalId).containsExactly("a, \"b\"", "č");
  }

  @Test
  void reads_attributes_of_users_and_items() throws Exception {
    Path users = write("users.csv", "id,age,group\nu1,30,x\nu2,41.5,y\n");
    Path items = write("items.csv", "id;title;price;genres\na;First;9.5;x|y\nb;Second;3;x\n");

    InteractionDataSet data = CsvFile.load(write("clicks.csv", "u1,b\nu2,a\n"), users, items);

    assertThat(data.userSchema())
        .containsExactly(AttributeField.quantity("age", ""), AttributeField.label("group"));
    assertThat(data.users().get(1).attributes())
        .containsExactly(new ItemAttribute.Quantity(41.5), new ItemAttribute.Label("y"));
    assertThat(data.items().get(0))
        .isEqualTo(
            new Item(
                "a",
                "First",
                List.of(
                    new ItemAttribute.Quantity(9.5), new ItemAttribute.Labels(List.of("x", "y")))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '~',
      value = {
        "u1,a,4,5\\nu1,b,x,6 # 2 # a number in column 3, the value",
        "u1,a,4,5\\nu1,b,4,soon # 2 # in column 4 a time: seconds or milliseconds since 1970",
        "u1,a,4,5\\nu1,,4,6 # 2 # in column 2 the id of an item, 1 to 256 characters without tab",
        "a,b,c,d,e\\n1,2,3,4,5 # 1 # or a header that names a column user and one item",
        "lonely\\nwords # 1 # at least two columns, equally many in each line",
        "u1,a\\nu1,\"b # 1 # at least two columns, equally many in each line"
      })
  void names_the_line_that_is_wrong_and_what_it_expects(String table, int line, String expected)
      throws Exception {
    Path file = write("clicks.csv", table.replace("\\n", "\n"));

    DataSetException fault =
        catchThrowableOfType(() -> CsvFile.load(file, null, null), DataSetException.class);

    assertThat(fault).hasMessageStartingWith(file + ", line " + line + ": found ");
    assertThat(fault).hasMessageContaining(expected);
    assertThat(fault.line()).isEqualTo(line);
  }

  @Test
  void names_the_line_with_another_number_of_columns() throws Exception {
    Path file = write("clicks.csv", "u1,a\n".repeat(30) + "\nu1,a,b\n");

    assertThat(catchThrowableOfType(() -> CsvFile.load(file, null, null), DataSetException.class))
        .hasMessage(file + ", line 32: found \"u1,a,b\", expected 2 columns divided by ,");
  }

  @Test
  void names_the_line_of_a_user_or_item_without_attributes() throws Exception {
    Path clicks = write("clicks.csv", "u1,a\nu2,b\n");
    Path attributes = write("attributes.csv", "id,age\nu1,3\na,4\nb,5\n");
    Path onlyOne = write("one.csv", "id,age\na,4\n");

    assertThat(
            catchThrowableOfType(
                () -> CsvFile.load(clicks, attributes, null), DataSetException.class))
        .hasMessageContaining("line 2:")
        .hasMessageContaining("user \"u2\" is not there");
    assertThat(
            catchThrowableOfType(() -> CsvFile.load(clicks, null, onlyOne), DataSetException.class))
        .hasMessage(clicks + ", line 2: item \"b\" is none of the 1 items of the catalogue");
  }

  @Test
  void refuses_what_is_no_text() throws Exception {
    Path file = directory.resolve("clicks.csv");
    Files.write(file, new byte[] {'u', ',', (byte) 0xC3, '\n'});

    assertThat(catchThrowableOfType(() -> CsvFile.load(file, null, null), DataSetException.class))
        .hasMessage(
            file
                + ": cannot be read: it is not UTF-8; convert it, or give the text file and not an"
                + " archive");
  }

  private InteractionDataSet load(String table) throws IOException {
    return CsvFile.load(write("clicks.csv", table), null, null);
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text, StandardCharsets.UTF_8);
  }
}
