package io.tacit.protocol.plan;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.protocol.ContentHash;
import io.tacit.testing.Fuzz;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogueTest {

  private static final String HEAD = "#tacit-catalogue 1\n";

  @Test
  void reads_back_what_it_writes() {
    Catalogue catalogue =
        Catalogue.of(
            List.of(
                new Catalogue.Item("1287", "International AutoRoute"),
                new Catalogue.Item("süß", ""),
                new Catalogue.Item("a b", "with spaces")));
    byte[] bytes =
        (HEAD + "1287\tInternational AutoRoute\nsüß\t\na b\twith spaces\n").getBytes(UTF_8);

    assertThat(catalogue.toBytes()).isEqualTo(bytes);
    assertThat(catalogue.contentHash()).isEqualTo(ContentHash.of(bytes));
    Catalogue again = Catalogue.fromBytes(bytes);
    assertThat(again.toBytes()).isEqualTo(bytes);
    assertThat(again.size()).isEqualTo(3);
    assertThat(again.item(1).id()).isEqualTo("süß");
    assertThat(again.rowOf("a b")).isEqualTo(2);
    assertThat(again.rowOf("unknown")).isEqualTo(-1);
  }

  @Test
  void columns_say_more_of_items_and_a_catalogue_without_any_keeps_its_bytes() {
    byte[] bytes =
        "#tacit-catalogue 2\tgenre\tyear\na\tApple\tfruit|red\t1998\nb\t\t\t\n".getBytes(UTF_8);

    Catalogue catalogue = Catalogue.fromBytes(bytes);

    assertThat(catalogue.columns()).containsExactly("genre", "year");
    assertThat(catalogue.item(0).cells()).containsExactly("fruit|red", "1998");
    assertThat(catalogue.item(1).cells()).containsExactly("", "");
    assertThat(catalogue.toBytes()).isEqualTo(bytes);
    assertThat(Catalogue.of(List.of(), List.of(new Catalogue.Item("a", "A"))).toBytes())
        .isEqualTo((HEAD + "a\tA\n").getBytes(UTF_8));
    assertThatThrownBy(() -> Catalogue.of(List.of("genre"), List.of(new Catalogue.Item("a", "A"))))
        .hasMessage("item a has 0 cells, the catalogue has 1 columns; give it one for each");
  }

  @Test
  void the_last_line_break_may_be_missing_but_belongs_to_the_hash() {
    Catalogue catalogue = Catalogue.fromBytes((HEAD + "a\tA").getBytes(UTF_8));

    assertThat(catalogue.contentHash())
        .isEqualTo(ContentHash.of((HEAD + "a\tA\n").getBytes(UTF_8)));
    assertThat(Catalogue.fromBytes(HEAD.getBytes(UTF_8)).size()).isZero();
  }

  @Test
  void unknown_items_share_the_rows_behind_the_catalogue() {
    Catalogue catalogue =
        Catalogue.of(List.of(new Catalogue.Item("a", ""), new Catalogue.Item("b", "")));

    assertThat(catalogue.embeddingRow("b", 16)).isEqualTo(1);
    assertThat(catalogue.embeddingRow("c", 0)).isEqualTo(-1);
    // SHA-256("c") = 2e7d2c03...; 0x2e7d2c03 mod 16 = 3. SHA-256("k") begins with 8254c329:
    // unsigned.
    assertThat(catalogue.embeddingRow("c", 16)).isEqualTo(2 + 3);
    assertThat(catalogue.embeddingRow("k", 1000)).isEqualTo(2 + (int) (0x8254c329L % 1000));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` | catalogue line 1 must be \"#tacit-catalogue 1\", or \"#tacit-catalogue 2\" and names"
            + " of columns; is this a catalogue file?",
        "#tacit-catalogue 2 | catalogue line 1 must be \"#tacit-catalogue 1\", or"
            + " \"#tacit-catalogue 2\" and names of columns; is this a catalogue file?",
        "#tacit-catalogue 2>genre>genre | catalogue columns are [genre, genre], must be at most 64"
            + " different names of 1 to 64 characters of a-z 0-9 - . _",
        "#tacit-catalogue 2>Genre | catalogue columns are [Genre], must be at most 64 different"
            + " names of 1 to 64 characters of a-z 0-9 - . _",
        "#tacit-catalogue 2>genre;a>A | catalogue line 2 must be an item id, a title and a cell for"
            + " each of [genre], with one tab between two",
        "#tacit-catalogue 2>genre;a>A>x>y | catalogue line 2 must be an item id, a title and a cell"
            + " for each of [genre], with one tab between two",
        "#tacit-catalogue 1;a>A;b | catalogue line 3 must be an item id, one tab, a title",
        "#tacit-catalogue 1;;b>B | catalogue line 2 must be an item id, one tab, a title",
        "#tacit-catalogue 1;>B | catalogue line 2 must be an item id, one tab, a title",
        "#tacit-catalogue 1;a>B>C | catalogue line 2 must be an item id, one tab, a title",
        "#tacit-catalogue 1;a>A;b>B;a>C | item id a is in line 2 and in line 4",
      })
  void says_which_line_is_wrong(String text, String message) {
    byte[] bytes = text.replace(';', '\n').replace('>', '\t').getBytes(UTF_8);

    assertThatThrownBy(() -> Catalogue.fromBytes(bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void refuses_windows_line_ends_with_their_line() {
    assertThatThrownBy(() -> Catalogue.fromBytes((HEAD + "a\tA\r\n").getBytes(UTF_8)))
        .hasMessage("catalogue line 2 must be an item id, one tab, a title");
  }

  @Test
  void refuses_what_is_not_utf_8_and_what_is_too_large() {
    assertThatThrownBy(() -> Catalogue.fromBytes((HEAD + "a\tsüß\n").getBytes(ISO_8859_1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("catalogue is not UTF-8; save it as UTF-8");
    assertThatThrownBy(() -> Catalogue.fromBytes(new byte[64 * 1024 * 1024 + 1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("catalogue has 67108865 bytes, must be at most 67108864");
  }

  @ParameterizedTest
  @ValueSource(ints = {257, 1000})
  void refuses_ids_and_titles_beyond_their_length(int length) {
    String text = new String(new char[length]).replace('\0', 'x');

    assertThatThrownBy(() -> new Catalogue.Item(text, ""))
        .hasMessage(
            "item id \"" + text + "\" must have 1 to 256 characters and no tab or line break");
    assertThatThrownBy(() -> new Catalogue.Item("a", text + text + text + text))
        .hasMessage("title of item a must have at most 1024 characters and no tab or line break");
  }

  @Test
  @Tag(Fuzz.TAG)
  void what_is_damaged_is_refused_or_read_and_written_alike() {
    Fuzz.of(
            (HEAD + "1287\tInternational AutoRoute\nsüß\t\na b\twith spaces\n").getBytes(UTF_8),
            (HEAD + "a\tA").getBytes(UTF_8))
        .refusedWith(IllegalArgumentException.class)
        .feed(
            input -> {
              byte[] written = Catalogue.fromBytes(input).toBytes();
              assertThat(Catalogue.fromBytes(written).toBytes()).isEqualTo(written);
            });
  }
}
