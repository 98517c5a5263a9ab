/**
 * Data sets as values: a catalogue of items and, per user, an ordered list of interactions. Door
 * class: {@link io.tacit.simulation.data.DataSetSource}, which reads the option text {@code msweb |
 * movielens:PATH | csv:PATH | synthetic:NAME} and loads what it names; images, which are no
 * interactions, have {@link io.tacit.simulation.data.LabelledImages}. Every fault in a file is a
 * {@link io.tacit.simulation.data.DataSetException} with file and line. Knows nothing of models,
 * splits or metrics.
 */
@NullMarked
package io.tacit.simulation.data;

import org.jspecify.annotations.NullMarked;
