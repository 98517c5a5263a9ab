package io.tacit.simulation.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AttributeTableTest {

  private static AttributeTable of(List<AttributeField> schema, List<List<ItemAttribute>> items) {
    List<Item> all = new ArrayList<>();
    for (List<ItemAttribute> attributes : items) {
      all.add(new Item("i" + all.size(), "", attributes));
    }
    return AttributeTable.ofItems(
        new InteractionDataSet("test", false, "none", schema, all, List.of()));
  }

  private static ItemAttribute label(String name) {
    return new ItemAttribute.Label(name);
  }

  @Test
  void writes_labels_with_a_bar_between_them_and_lists_the_most_frequent_first() {
    AttributeTable table =
        of(
            List.of(AttributeField.labels("Genres of it")),
            List.of(
                List.of(new ItemAttribute.Labels(List.of("pop", "rock"))),
                List.of(new ItemAttribute.Labels(List.of("rock"))),
                List.of(new ItemAttribute.Labels(List.of())),
                List.of(new ItemAttribute.Labels(List.of("a|b\tc", "rock"))),
                List.of(new ItemAttribute.Labels(List.of("rock"))),
                List.of(new ItemAttribute.Labels(List.of("pop")))));

    assertThat(table.names()).containsExactly("genres-of-it");
    assertThat(table.columns().get(0).values()).containsExactly("rock", "pop", "a b c");
    assertThat(table.columns().get(0).hasOthers()).isFalse();
    assertThat(table.cells())
        .containsExactly(
            List.of("pop|rock"),
            List.of("rock"),
            List.of(""),
            List.of("a b c|rock"),
            List.of("rock"),
            List.of("pop"));
  }

  @Test
  void numbers_become_eighths_of_all_of_them() {
    List<List<ItemAttribute>> items = new ArrayList<>();
    for (int i = 0; i < 80; i++) {
      items.add(List.of(new ItemAttribute.Quantity(79 - i)));
    }

    AttributeTable table = of(List.of(AttributeField.quantity("price", "EUR")), items);

    assertThat(table.columns().get(0).values()).hasSize(8).contains("from 0.0", "from 70.0");
    assertThat(table.cells().get(0)).containsExactly("from 70.0");
    assertThat(table.cells().get(9)).containsExactly("from 70.0");
    assertThat(table.cells().get(10)).containsExactly("from 60.0");
    assertThat(table.cells().get(79)).containsExactly("from 0.0");
  }

  @Test
  void leaves_out_what_tells_nothing_and_what_only_names() {
    List<List<ItemAttribute>> items = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      items.add(List.of(label("same"), label("address-" + i), label(i % 2 == 0 ? "even" : "odd")));
    }

    AttributeTable table =
        of(
            List.of(
                AttributeField.label("a"), AttributeField.label("b"), AttributeField.label("!")),
            items);

    assertThat(table.names()).containsExactly("column");
    assertThat(table.cells().get(3)).containsExactly("odd");
  }
}
