/**
 * The loop that an app closes: devices recommend, people click or do not by a preference that
 * nobody is told, the clicks are events on the device, rounds train on them, and the next
 * recommendations are better, or they are not. Door: {@link
 * io.tacit.simulation.feedback.FeedbackLoop}. Knows nothing of data sets and held-out items: here
 * what is recommended decides what can be clicked.
 */
@NullMarked
package io.tacit.simulation.feedback;

import org.jspecify.annotations.NullMarked;
