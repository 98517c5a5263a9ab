package io.tacit.simulation.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MsWebFileTest {

  private static final String GOOD =
      """
      I,4,"www.microsoft.com","created by getlog.pl"
      T,1,"VRoot",0,0,"VRoot"
      N,0,"0"
      A,1287,1,"International AutoRoute","/autoroute"
      A,1288,1,"library","/library"
      C,"10001",10001
      V,1288,1
      V,1287,1
      C,"10002",10002
      """;

  @TempDir Path directory;

  @Test
  void reads_areas_visitors_and_visits() throws Exception {
    InteractionDataSet data = MsWebFile.load(file(GOOD));

    assertThat(data.timed()).isFalse();
    assertThat(data.items())
        .extracting(Item::externalId, Item::title)
        .containsExactly(tuple("1287", "International AutoRoute"), tuple("1288", "library"));
    assertThat(data.users()).extracting(UserHistory::externalId).containsExactly("10001", "10002");
    assertThat(data.users().get(0).interactions())
        .containsExactly(Interaction.untimed(1), Interaction.untimed(0));
    assertThat(data.users().get(1).interactions()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '\'',
      textBlock =
          """
          X,1;                        a line that begins with A, C, V, I, T or N
          '';                         a line that begins with A, C, V, I, T or N
          A,1289;                     an area: A,<id>,1,"<title>","<path>"
          A,12x,1,"title","/path";    an area: A,<id>,1,"<title>","<path>"
          A,1287,1,"twice","/twice";  an area whose id was not given before
          C,10003,10003;              a visitor: C,"<id>",<id>
          C,"10001",10001;            a visitor whose id was not given before
          V,1287;                     a visit: V,<area id>,1
          V,library,1;                a visit: V,<area id>,1
          V,1287,1,1;                 a visit: V,<area id>,1
          """)
  void names_file_line_found_and_expected_of_a_malformed_line(String found, String expected)
      throws Exception {
    Path file = file(GOOD + found + "\n");

    DataSetException.MalformedLine fault =
        catchThrowableOfType(DataSetException.MalformedLine.class, () -> MsWebFile.load(file));

    assertThat(fault)
        .hasMessage("%s, line 10: found \"%s\", expected %s".formatted(file, found, expected));
    assertThat(fault.file()).isEqualTo(file);
    assertThat(fault.line()).isEqualTo(10);
  }

  @Test
  void shortens_a_long_malformed_line() throws Exception {
    Path file = file("X".repeat(1000));

    DataSetException fault =
        catchThrowableOfType(DataSetException.class, () -> MsWebFile.load(file));

    assertThat(fault)
        .hasMessage(
            file
                + ", line 1: found \""
                + "X".repeat(80)
                + "...\", expected a line that begins with A, C, V, I, T or N");
  }

  @Test
  void refuses_a_visit_before_the_first_visitor() throws Exception {
    Path file = file("A,1287,1,\"title\",\"/path\"\nV,1287,1\n");

    DataSetException fault =
        catchThrowableOfType(DataSetException.class, () -> MsWebFile.load(file));

    assertThat(fault)
        .isInstanceOf(DataSetException.MalformedLine.class)
        .hasMessage(
            file
                + ", line 2: found \"V,1287,1\", expected a visitor (C,...) before the first"
                + " visit");
  }

  @Test
  void refuses_a_visit_to_an_area_outside_the_catalogue() throws Exception {
    Path file = file(GOOD + "V,1300,1\n");

    DataSetException fault =
        catchThrowableOfType(DataSetException.class, () -> MsWebFile.load(file));

    assertThat(fault)
        .isInstanceOf(DataSetException.UnknownItem.class)
        .hasMessage(file + ", line 10: item \"1300\" is none of the 2 items of the catalogue");
  }

  @Test
  void refuses_a_file_without_visitors() throws Exception {
    Path file = file("A,1287,1,\"title\",\"/path\"\n");

    DataSetException fault =
        catchThrowableOfType(DataSetException.class, () -> MsWebFile.load(file));

    assertThat(fault)
        .isInstanceOf(DataSetException.Empty.class)
        .hasMessage(file + ": has 1 areas and 0 visitors; check that the download is complete");
  }

  @Test
  void the_shipped_file_is_the_published_one() throws Exception {
    InteractionDataSet data = SampleData.msWeb();

    assertThat(data.items()).hasSize(294);
    assertThat(data.users()).hasSize(32_711);
    assertThat(data.interactionCount()).isEqualTo(98_654);
    assertThat(data.users()).filteredOn(user -> user.interactions().size() >= 5).hasSize(6_280);
    assertThat(DataFile.read(SampleData.msWebFile()).md5())
        .isEqualTo("1ee74274ebc4d25319904f1213fc646f");
  }

  private Path file(String content) throws Exception {
    return Files.writeString(directory.resolve("anonymous-msweb.data"), content);
  }
}
