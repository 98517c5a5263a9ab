package io.tacit.simulation.data;

import java.util.List;

/**
 * One item of a catalogue.
 *
 * @param externalId the item's name in the source, unique in its catalogue
 * @param title for people
 * @param attributes one per field of the data set's schema, in its order
 */
public record Item(String externalId, String title, List<ItemAttribute> attributes) {

  public Item {
    attributes = List.copyOf(attributes);
  }
}
