package io.tacit.simulation.data;

/**
 * One user's contact with one item.
 *
 * @param item index into the catalogue, from 0
 * @param epochSeconds when, in seconds since 1970; 0 in data sets without times
 * @param value strength: stars for a rating, the completed share for a play, otherwise 1
 */
public record Interaction(int item, long epochSeconds, float value) {

  /** A bare contact, without time, of value 1. */
  public static Interaction untimed(int item) {
    return new Interaction(item, 0, 1);
  }
}
