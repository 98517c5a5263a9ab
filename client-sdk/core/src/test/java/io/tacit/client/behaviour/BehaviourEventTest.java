package io.tacit.client.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.protocol.plan.Feature;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BehaviourEventTest {

  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00.123Z");

  @Test
  void carries_kind_item_time_and_attributes() {
    BehaviourEvent event =
        BehaviourEvent.purchase("shoe-7", NOON).with("price", 19.5).with("colour", "red");

    assertThat(event.kind()).isEqualTo("purchase");
    assertThat(event.itemId()).contains("shoe-7");
    assertThat(event.at()).isEqualTo(NOON);
    assertThat(event.number("price")).hasValue(19.5);
    assertThat(event.text("colour")).contains("red");
    assertThat(event.text("price")).isEmpty();
    assertThat(event.number("absent")).isEmpty();
  }

  @Test
  void an_attribute_of_the_same_name_takes_the_place_of_the_earlier_one() {
    BehaviourEvent event = BehaviourEvent.click("x", NOON).with("size", 4).with("size", "large");

    assertThat(event.number("size")).isEmpty();
    assertThat(event.text("size")).contains("large");
  }

  @Test
  void with_leaves_the_event_it_is_called_on_as_it_was() {
    BehaviourEvent event = BehaviourEvent.click("x", NOON);
    BehaviourEvent richer = event.with("price", 1);

    assertThat(event.numbers()).isEmpty();
    assertThat(richer).isNotEqualTo(event);
  }

  @Test
  void refuses_what_is_out_of_bounds_without_repeating_the_data() {
    assertThatThrownBy(() -> BehaviourEvent.of("Click!", "x", NOON))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("event kind is \"Click!\", must be 1 to 64 characters");
    assertThatThrownBy(() -> BehaviourEvent.click("", NOON))
        .hasMessage("item id has 0 characters, must have 1 to 256 and no tab or line break");
    assertThatThrownBy(() -> BehaviourEvent.click("secret\titem", NOON))
        .hasMessage("item id has 11 characters, must have 1 to 256 and no tab or line break");
    assertThatThrownBy(() -> BehaviourEvent.click("x", NOON).with("age", Double.NaN))
        .hasMessage("attribute age is not finite; leave it out if it is not known");
    assertThatThrownBy(() -> BehaviourEvent.click("x", NOON).with("note", "n".repeat(1025)))
        .hasMessage("attribute note has 1025 characters, must have at most 1024; shorten it");
  }

  @Test
  void refuses_more_attributes_than_an_event_may_have() {
    BehaviourEvent event = BehaviourEvent.click("x", NOON);
    for (int i = 0; i < BehaviourEvent.ATTRIBUTES_MAX; i++) {
      event = event.with("a" + i, i);
    }
    BehaviourEvent full = event;

    assertThatThrownBy(() -> full.with("one-more", "text"))
        .hasMessage("event has 33 attributes, must have at most 32; record only what a plan uses");
  }

  @Test
  void a_vector_is_a_copy_in_and_out() {
    float[] elements = {1, -2};
    BehaviourEvent event = BehaviourEvent.click("x", NOON).with("image", elements);
    elements[0] = 9;
    event.vector("image").orElseThrow().toArray()[1] = 9;

    assertThat(event.vectors()).containsOnlyKeys("image");
    assertThat(event.vector("image").orElseThrow().toArray()).containsExactly(1, -2);
    assertThat(event).isEqualTo(BehaviourEvent.click("x", NOON).with("image", new float[] {1, -2}));
    assertThat(event.vector("image")).hasToString("Optional[EventVector[2]]");
    assertThat(event.with("image", "now a text").vectors()).isEmpty();
    assertThat(event.with("image", 4).vector("image")).isEmpty();
    assertThat(event.number("image")).isEmpty();
  }

  @Test
  void refuses_vectors_out_of_bounds_without_repeating_the_data() {
    BehaviourEvent event = BehaviourEvent.click("x", NOON);

    assertThatThrownBy(() -> event.with("image", new float[0]))
        .hasMessage(
            "attribute image has 0 elements, must have 1 to 4096; use an embedding of a lower"
                + " dimension");
    assertThatThrownBy(() -> event.with("image", new float[] {1, Float.NaN}))
        .hasMessage("element 1 of attribute image is not finite; leave the vector out");
    assertThatThrownBy(() -> event.with("a", new float[4000]).with("b", new float[97]))
        .hasMessage(
            "vectors of event have 4097 elements together, must have at most 4096; use embeddings"
                + " of a lower dimension");
  }

  @Test
  void limits_are_those_that_plans_count_on() {
    assertThat(BehaviourEvent.TEXT_LENGTH_MAX).isEqualTo(Feature.TEXT_LENGTH_MAX);
    assertThat(BehaviourEvent.VECTOR_ELEMENTS_MAX).isEqualTo(Feature.DIMENSION_MAX);
  }

  @Test
  void prints_no_data() {
    assertThat(BehaviourEvent.click("secret", NOON).with("diagnosis", "flu"))
        .hasToString("BehaviourEvent[1 attributes]");
  }
}
