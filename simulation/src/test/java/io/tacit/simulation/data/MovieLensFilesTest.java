package io.tacit.simulation.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MovieLensFilesTest {

  private static final String ITEMS =
      """
      1|First Film (1995)|01-Jan-1995||http://example.org/1|0|0|0|1|0|1|0|0|0|0|0|0|0|0|0|0|0|0|0
      2|Second Film (1996)|01-Jan-1996||http://example.org/2|0|0|0|0|0|0|0|0|1|0|0|0|0|0|0|0|0|0|0
      3|unknown||||1|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0
      """;
  private static final String RATINGS = "7\t2\t3\t500\n5\t1\t4\t100\n7\t3\t5\t400\n7\t1\t1\t500\n";

  private static final String USERS = "5|33|F|other|15213\n7|57|M|administrator|91344\n";

  @TempDir Path directory;

  @Test
  void reads_titles_genres_and_ratings() throws Exception {
    InteractionDataSet data = parse(RATINGS, ITEMS);

    assertThat(data.items())
        .extracting(Item::title)
        .containsExactly("First Film (1995)", "Second Film (1996)", "unknown");
    assertThat(data.items().get(0).attributes())
        .containsExactly(
            new ItemAttribute.Labels(List.of("Animation", "Comedy")),
            new ItemAttribute.Label("1995"));
    assertThat(data.items().get(2).attributes())
        .containsExactly(new ItemAttribute.Labels(List.of("unknown")), new ItemAttribute.Label(""));
    assertThat(data.users().get(0).attributes())
        .containsExactly(
            new ItemAttribute.Quantity(33),
            new ItemAttribute.Label("F"),
            new ItemAttribute.Label("other"));
    assertThat(data.users()).extracting(UserHistory::externalId).containsExactly("5", "7");
    assertThat(data.users().get(0).interactions()).containsExactly(new Interaction(0, 100, 4));
  }

  @Test
  void orders_by_time_and_at_equal_times_by_line() throws Exception {
    InteractionDataSet data = parse(RATINGS, ITEMS);

    assertThat(data.timed()).isTrue();
    assertThat(data.users().get(1).interactions())
        .containsExactly(
            new Interaction(2, 400, 5), new Interaction(1, 500, 3), new Interaction(0, 500, 1));
    assertThat(data.orderRule())
        .isEqualTo(
            "by time of rating; at equal times the earlier line of u.data counts as earlier");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "7\t1\t3",
        "7 1 3 500",
        "7\t1\t6\t500",
        "x\t1\t3\t500",
        "7\t1\t3\t-5",
        "1\t1\t1\t1\t1"
      })
  void names_file_line_found_and_expected_of_a_malformed_rating(String line) {
    DataSetException.MalformedLine fault =
        catchThrowableOfType(
            DataSetException.MalformedLine.class, () -> parse(RATINGS + line + "\n", ITEMS));

    assertThat(fault)
        .hasMessage(
            directory.resolve("u.data")
                + ", line 5: found \""
                + line
                + "\", expected four columns divided by tabs: user, item, rating 1 to 5, seconds"
                + " since 1970");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"4|Title|date||", "4|Title|date||url|2|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0", ""})
  void names_file_line_found_and_expected_of_a_malformed_item(String line) {
    DataSetException.MalformedLine fault =
        catchThrowableOfType(
            DataSetException.MalformedLine.class, () -> parse(RATINGS, ITEMS + line + "\n"));

    assertThat(fault)
        .hasMessage(
            directory.resolve("u.item")
                + ", line 4: found \""
                + line
                + "\", expected 24 columns divided by |: id, title, two dates, address, and 19"
                + " genres as 0 or 1");
  }

  @Test
  void refuses_an_item_that_is_given_twice() {
    String again = ITEMS.lines().toList().get(2);

    DataSetException.MalformedLine fault =
        catchThrowableOfType(
            DataSetException.MalformedLine.class, () -> parse(RATINGS, ITEMS + again + "\n"));

    assertThat(fault)
        .hasMessage(
            directory.resolve("u.item")
                + ", line 4: found \""
                + again
                + "\", expected an item whose id was not given before");
  }

  @Test
  void refuses_a_rating_of_a_user_who_is_not_listed() {
    DataSetException.MalformedLine fault =
        catchThrowableOfType(
            DataSetException.MalformedLine.class, () -> parse(RATINGS + "8\t1\t3\t600\n", ITEMS));

    assertThat(fault)
        .hasMessage(
            directory.resolve("u.data")
                + ", line 5: found \"8\t1\t3\t600\", expected a user who is in u.user");
  }

  @Test
  void refuses_a_rating_of_an_item_outside_the_catalogue() {
    DataSetException.UnknownItem fault =
        catchThrowableOfType(
            DataSetException.UnknownItem.class, () -> parse(RATINGS + "7\t4\t3\t600\n", ITEMS));

    assertThat(fault)
        .hasMessage(
            directory.resolve("u.data")
                + ", line 5: item \"4\" is none of the 3 items of the catalogue");
  }

  @Test
  void refuses_ratings_that_are_not_the_published_ones() throws Exception {
    Path ratings = Files.writeString(directory.resolve("u.data"), RATINGS);
    Files.writeString(directory.resolve("u.item"), ITEMS);
    Files.writeString(directory.resolve("u.user"), USERS);

    DataSetException.WrongChecksum fault =
        catchThrowableOfType(
            DataSetException.WrongChecksum.class, () -> MovieLensFiles.load(directory));

    assertThat(fault)
        .hasMessage(
            ratings
                + ": has md5 445be81eb368ae894f84bda660618fa0, expected"
                + " 6e47046882bad158b0efbb84cd5cb987; give the u.data of ml-100k.zip from"
                + " grouplens.org/datasets/movielens/100k, unchanged");
  }

  @Test
  void refuses_a_directory_without_ratings() {
    DataSetException.Unreadable fault =
        catchThrowableOfType(
            DataSetException.Unreadable.class, () -> MovieLensFiles.load(directory));

    assertThat(fault)
        .hasMessage(
            directory.resolve("u.data")
                + ": cannot be read: there is no such file; check the path");
  }

  @Test
  void loads_the_published_set_from_its_directory_or_its_ratings_file() throws Exception {
    Path supplied = SampleData.movieLensDirectory();

    InteractionDataSet data = MovieLensFiles.load(supplied);

    assertThat(data.items()).hasSize(1682);
    assertThat(data.users()).hasSize(943);
    assertThat(data.interactionCount()).isEqualTo(100_000);
    assertThat(MovieLensFiles.load(supplied.resolve("u.data"))).isEqualTo(data);
  }

  private InteractionDataSet parse(String ratings, String items) throws Exception {
    return MovieLensFiles.parse(
        DataFile.read(Files.writeString(directory.resolve("u.data"), ratings)),
        DataFile.read(Files.writeString(directory.resolve("u.item"), items)),
        DataFile.read(Files.writeString(directory.resolve("u.user"), USERS)));
  }
}
