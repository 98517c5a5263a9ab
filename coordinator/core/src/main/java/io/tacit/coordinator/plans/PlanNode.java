package io.tacit.coordinator.plans;

import java.util.List;
import java.util.Map;

/** A piece of a plan file and where it stands. */
sealed interface PlanNode {

  /** Where it begins. */
  Place place();

  /** What error messages call it. */
  String shown();

  /** A text, number or truth value, as it is written. */
  record Scalar(String text, Place place) implements PlanNode {

    @Override
    public String shown() {
      return '"' + (text.length() <= 80 ? text : text.substring(0, 80) + "...") + '"';
    }
  }

  /** Nothing, where a value was expected. */
  record Empty(Place place) implements PlanNode {

    @Override
    public String shown() {
      return "empty";
    }
  }

  /** A list. */
  record Sequence(List<PlanNode> items, Place place) implements PlanNode {

    @Override
    public String shown() {
      return "a list";
    }
  }

  /**
   * Keys and their values, in the order of the file.
   *
   * @param keyPlaces where each key stands
   */
  record Mapping(Map<String, PlanNode> entries, Map<String, Place> keyPlaces, Place place)
      implements PlanNode {

    @Override
    public String shown() {
      return "a mapping";
    }
  }
}
