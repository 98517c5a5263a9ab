package io.tacit.simulation.data;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class InteractionDataSetTest {

  private static final Item ITEM = new Item("a", "A", List.of());

  @Test
  void refuses_an_item_outside_the_catalogue() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SampleData.untimed(3, new int[] {0, 3}))
        .withMessage("user \"u0\" has item 3, must be 0 to 2");
  }

  @Test
  void refuses_two_items_of_one_id() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> data(false, List.of(), List.of(ITEM, ITEM), List.of()))
        .withMessage("two items have the id \"a\"");
  }

  @Test
  void refuses_an_item_that_does_not_follow_the_schema() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> data(false, List.of(AttributeField.label("brand")), List.of(ITEM), List.of()))
        .withMessage(
            "item \"a\" has attributes [], schema is"
                + " [class io.tacit.simulation.data.ItemAttribute$Label]");
  }

  @Test
  void refuses_times_that_go_backwards() {
    List<Interaction> backwards = List.of(new Interaction(0, 9, 1), new Interaction(0, 8, 1));

    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> data(true, List.of(), List.of(ITEM), List.of(new UserHistory("u", backwards))))
        .withMessage("user \"u\" has time 8 after 9; a timed history must be in order of time");
  }

  @Test
  void refuses_a_quantity_that_is_not_finite() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ItemAttribute.Quantity(Double.NaN))
        .withMessage("quantity is NaN, must be finite");
  }

  private static InteractionDataSet data(
      boolean timed, List<AttributeField> schema, List<Item> items, List<UserHistory> users) {
    return new InteractionDataSet("test", timed, "none", schema, items, users);
  }
}
