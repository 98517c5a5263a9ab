package io.tacit.simulation.data;

/**
 * One column of a catalogue.
 *
 * @param name such as {@code price}
 * @param kind the one kind of value every item has here
 * @param unit of a quantity, such as {@code EUR}; empty for labels
 */
public record AttributeField(String name, Class<? extends ItemAttribute> kind, String unit) {

  static AttributeField label(String name) {
    return new AttributeField(name, ItemAttribute.Label.class, "");
  }

  static AttributeField labels(String name) {
    return new AttributeField(name, ItemAttribute.Labels.class, "");
  }

  static AttributeField quantity(String name, String unit) {
    return new AttributeField(name, ItemAttribute.Quantity.class, unit);
  }
}
