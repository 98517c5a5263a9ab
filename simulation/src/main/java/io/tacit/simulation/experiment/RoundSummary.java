package io.tacit.simulation.experiment;

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
    double seconds) {}
