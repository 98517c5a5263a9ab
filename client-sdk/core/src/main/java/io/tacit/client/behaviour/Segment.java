package io.tacit.client.behaviour;

/**
 * What a store knows of a segment to which nothing is added any more.
 *
 * @param number in order of recording
 * @param records in it, damaged ones included as far as is known
 * @param bytes of its file
 * @param oldest no event is older, in epoch milliseconds; the largest long if there is none
 * @param newest no event is newer, in epoch milliseconds; the least long if there is none
 */
record Segment(long number, int records, long bytes, long oldest, long newest) {}
