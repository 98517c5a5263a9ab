/**
 * Virtual devices: each with the behaviour of one user of a data set, its own store, identity and
 * latch, all made of the client SDK's own parts. Doors: {@link
 * io.tacit.simulation.population.Population} makes them, {@link
 * io.tacit.simulation.population.Fleet} lets them live. Knows no coordinator but through the SDK's
 * connection.
 */
@NullMarked
package io.tacit.simulation.population;

import org.jspecify.annotations.NullMarked;
