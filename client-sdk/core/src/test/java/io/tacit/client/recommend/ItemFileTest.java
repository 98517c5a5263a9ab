package io.tacit.client.recommend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tacit.protocol.plan.Catalogue;
import io.tacit.testing.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ItemFileTest {

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Artifact file(String text) {
    return Artifact.of(bytes(text));
  }

  private static ItemFile catalogue(String items) {
    return ItemFile.catalogue(file("#tacit-catalogue 1\n" + items));
  }

  private static ItemFile items(String items) {
    return ItemFile.items(file("#tacit-items 1\nid\ttitle\tavailable\tgenre\tbrand\n" + items));
  }

  @Test
  void a_catalogue_may_have_more_columns() {
    ItemFile catalogue =
        ItemFile.catalogue(
            file("#tacit-catalogue 2\tgenre\tyear\na\tApple\tpop|folk\t\nb\t\t\t1984"));

    assertThat(catalogue.cells()).containsExactly("genre", "year");
    assertThat(catalogue.cell(0, 0)).isEqualTo("pop|folk");
    assertThat(catalogue.cell(0, 1)).isEmpty();
    assertThat(catalogue.cell(1, 1)).isEqualTo("1984");
    assertThat(catalogue.isAvailable(1)).isTrue();
    refuses(
        "#tacit-catalogue 2\tgenre\na\tApple\n",
        "2 (byte 25) has 2 columns, must have 3, with a tab between two");
    refuses(
        "#tacit-catalogue 2\tgenre\tgenre\n",
        "1 (byte 0) has a column that is no name or is there twice; names have 1 to 64 characters"
            + " of a-z 0-9 - . _");
  }

  @Test
  void reads_a_catalogue_as_it_is_written_for_training() {
    StringBuilder text = new StringBuilder("#tacit-catalogue 1\n");
    for (int i = 0; i < 3_000; i++) {
      text.append("ïtem-").append(i * 7919 % 3_000).append('\t').append("Title ✓ ").append(i);
      text.append(i < 2_999 ? "\n" : "");
    }
    Catalogue written = Catalogue.fromBytes(bytes(text.toString()));
    ItemFile read = ItemFile.catalogue(file(text.toString()));
    Assortment assortment = Assortment.of(read);

    assertThat(read.size()).isEqualTo(written.size());
    for (int row = 0; row < written.size(); row++) {
      assertThat(read.id(row)).isEqualTo(written.item(row).id());
      assertThat(read.title(row)).isEqualTo(written.item(row).title());
      assertThat(read.isAvailable(row)).isTrue();
      assertThat(read.find(written.item(row).id())).isEqualTo(row);
    }
    for (String id : new String[] {"ïtem-17", "ïtem-3000", "ïtem-", "x", "ïtem-17 ", "日本"}) {
      assertThat(assortment.embeddingRow(id, 16)).isEqualTo(written.embeddingRow(id, 16));
      assertThat(assortment.embeddingRow(id, 0)).isEqualTo(written.embeddingRow(id, 0));
    }
  }

  @Test
  void reads_titles_availability_and_attributes() {
    ItemFile file = items("b\tBread\tno\tfood|baked\t\na\t\tyes\tfood\tX\n");
    assertThat(file.size()).isEqualTo(2);
    assertThat(file.title(0)).isEqualTo("Bread");
    assertThat(file.title(1)).isEmpty();
    assertThat(file.isAvailable(0)).isFalse();
    assertThat(file.isAvailable(1)).isTrue();
    assertThat(file.attributes()).extracting(ItemAttribute::name).containsExactly("genre", "brand");
  }

  @Test
  void an_assortment_joins_both_files_by_id() {
    Assortment assortment =
        Assortment.of(catalogue("a\tApple\nb\tBanana\nc\tCherry\nd\t\n"))
            .with(items("z\tZ\tyes\tfood\t\nb\tBanane\tyes\tfood|sweet\tX\na\t\tno\tfood\tY\n"));
    assertThat(assortment.title(0)).isEqualTo("Apple");
    assertThat(assortment.title(1)).isEqualTo("Banane");
    assertThat(assortment.title(3)).isEmpty();
    // a is not available, c and d are not on offer, z is not in the model.
    assertThat(assortment.available()).isEqualTo(rows(1));
    assertThat(assortment.rowsWith("genre", "food")).contains(rows(0, 1));
    assertThat(assortment.rowsWith("genre", "sweet")).contains(rows(1));
    assertThat(assortment.rowsWith("genre", "swe")).contains(rows());
    assertThat(assortment.rowsWith("brand", "Y")).contains(rows(0));
    assertThat(assortment.rowsWith("colour", "red")).isEmpty();
  }

  private static BitSet rows(int... rows) {
    BitSet set = new BitSet();
    for (int row : rows) {
      set.set(row);
    }
    return set;
  }

  @Test
  void names_the_line_and_the_byte_that_are_wrong() {
    refuses(
        "#tacit-catalogue 2\n",
        "1 (byte 0) must be \"#tacit-catalogue 1\", or \"#tacit-catalogue 2\" and names of columns;"
            + " is this the right file?");
    refuses(
        "",
        "1 (byte 0) must be \"#tacit-catalogue 1\", or \"#tacit-catalogue 2\" and names of columns;"
            + " is this the right file?");
    String head = "#tacit-catalogue 1\n";
    refuses(head + "a", "2 (byte 19) has 1 columns, must have 2, with a tab between two");
    refuses(head + "a\tA\n\n", "3 (byte 23) has 1 columns, must have 2, with a tab between two");
    refuses(head + "a\tA\t", "2 (byte 19) has 3 columns, must have 2, with a tab between two");
    refuses(
        head + "\tA",
        "2 (byte 19) has 0 characters of id, must have 1 to 256 and no carriage return");
    refuses(
        head + "b\tB\na\tA\r\n",
        "3 (byte 23) has 2 characters of title, must have 0 to 1024 and no carriage return");
    refuses(head + "b\tB\na\tA\nb\tC", "4 (byte 27) has the item id of line 2; remove one of them");
  }

  private static void refuses(String text, String problem) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ItemFile.catalogue(file(text)))
        .withMessage("catalogue line " + problem);
  }

  @Test
  void names_what_is_wrong_with_an_item_file() {
    String head = "#tacit-items 1\n";
    refusesItems(
        head + "id\ttitle\n",
        "2 (byte 15) must name the columns, the first three id, title, available");
    refusesItems(
        head + "id\ttitle\tavailable\tgenre\tgenre\n",
        "2 (byte 15) has a column that is no name or is there twice; names have 1 to 64 characters"
            + " of a-z 0-9 - . _");
    refusesItems(
        head + "id\ttitle\tavailable\na\tA\tmaybe\n",
        "3 (byte 34) has an availability other than yes or no");
    refusesItems(
        head + "id\ttitle\tavailable\tgenre\na\tA\tyes\n",
        "3 (byte 40) has 3 columns, must have 4, with a tab between two");
    StringBuilder columns = new StringBuilder(head + "id\ttitle\tavailable");
    for (int i = 0; i < 17; i++) {
      columns.append("\ta").append(i);
    }
    refusesItems(columns.toString(), "2 (byte 15) names 17 attributes, must be at most 16");
    StringBuilder values = new StringBuilder(head + "id\ttitle\tavailable\tgenre\n");
    for (int i = 0; i <= 65_536; i++) {
      values.append(i).append("\tT\tyes\t").append(i).append('\n');
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ItemFile.items(file(values.toString())))
        .withMessageStartingWith("item file line 65539 (byte ")
        .withMessageEndingWith(
            "has one more distinct value of genre than the 65536 that there may be; leave"
                + " attributes out that nobody filters by");
  }

  private static void refusesItems(String text, String problem) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ItemFile.items(file(text)))
        .withMessage("item file line " + problem);
  }

  @Test
  void refuses_what_is_no_text() {
    byte[] bytes = bytes("#tacit-catalogue 1\na\tA\n");
    bytes[21] = (byte) 0xff;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ItemFile.catalogue(Artifact.of(bytes)))
        .withMessage("catalogue is not UTF-8 at byte 21; save it as UTF-8");
    byte[] cut = bytes("#tacit-catalogue 1\na\té");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ItemFile.catalogue(Artifact.of(Arrays.copyOf(cut, cut.length - 1))))
        .withMessage("catalogue is not UTF-8 at byte 21; save it as UTF-8");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ItemFile.catalogue(Artifact.of(new byte[64 * 1024 * 1024 + 1])))
        .withMessage(
            "catalogue has 67108865 bytes, must be at most 67108864; leave items out that nobody"
                + " can get");
  }

  @Test
  void a_catalogue_may_have_no_items_and_keeps_no_hold_of_the_callers_bytes() {
    assertThat(catalogue("").size()).isZero();
    byte[] bytes = bytes("#tacit-catalogue 1\na\tA\n");
    ItemFile file = ItemFile.catalogue(Artifact.of(bytes));
    bytes[19] = 'x';
    assertThat(file.id(0)).isEqualTo("a");
  }

  @Test
  @Tag(Fuzz.TAG)
  void damaged_files_are_items_or_a_reason() {
    Fuzz.of(bytes("#tacit-catalogue 1\nïd\tApple\nb\tBanana ✓\nc\t\n"))
        .refusedWith(IllegalArgumentException.class)
        .feed(input -> ItemFile.catalogue(Artifact.of(input)));
    Fuzz.of(bytes("#tacit-items 1\nid\ttitle\tavailable\tgenre\nb\tBread\tno\tfood|baked\n"))
        .refusedWith(IllegalArgumentException.class)
        .feed(input -> ItemFile.items(Artifact.of(input)));
  }
}
