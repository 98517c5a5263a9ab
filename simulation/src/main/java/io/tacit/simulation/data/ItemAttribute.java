package io.tacit.simulation.data;

import java.util.List;

/** What a catalogue says about an item under one field of the schema. */
public sealed interface ItemAttribute {

  /** One of a small set of names, such as a brand. */
  record Label(String name) implements ItemAttribute {}

  /** Any number of names of a small set, such as genres. */
  record Labels(List<String> names) implements ItemAttribute {
    public Labels {
      names = List.copyOf(names);
    }
  }

  /** A finite number in the unit that the field names. */
  record Quantity(double amount) implements ItemAttribute {
    public Quantity {
      if (!Double.isFinite(amount)) {
        throw new IllegalArgumentException("quantity is " + amount + ", must be finite");
      }
    }
  }
}
