package io.tacit.simulation.experiment;

import java.util.List;

/**
 * One round, for people.
 *
 * @param round its number
 * @param participants devices whose update is in the model
 * @param dropped devices that joined the round and brought no update
 * @param loss mean training loss of the participants
 * @param hitRate HR@10 of the new model on the test items
 * @param validationHitRate HR@10 on the validation items, which chooses the best round
 * @param bytesUp of acknowledged updates
 * @param bytesDown of plans, catalogues and models fetched; devices of one JVM share a cache
 * @param seconds from its opening to its end
 * @param shards the sessions that the cohort was split into; one in mode plain
 */
public record RoundSummary(
    long round,
    int participants,
    int dropped,
    double loss,
    double hitRate,
    double validationHitRate,
    long bytesUp,
    long bytesDown,
    double seconds,
    List<Shard> shards) {

  public RoundSummary {
    shards = List.copyOf(shards);
  }

  /**
   * One session of a round.
   *
   * @param shard its number, from 1
   * @param suite 0 in mode plain, 1 for X25519, 2 for X25519 and ML-KEM-768
   * @param state how it ended
   * @param roster devices on its roster
   * @param threshold how many of them must stay until the end, 0 in mode plain
   * @param contributors devices whose update is in its sum
   * @param recovered devices that vanished after they had shared their keys, whose masks the others
   *     took off
   */
  public record Shard(
      int shard,
      int suite,
      String state,
      int roster,
      int threshold,
      int contributors,
      int recovered) {}
}
