/**
 * Virtual devices: each with the behaviour of one user of a data set, its own store, identity and
 * latch, all made of the client SDK's own parts. Doors: {@link
 * io.tacit.simulation.population.Population} makes them, {@link
 * io.tacit.simulation.population.Fleet} lets them live, {@link
 * io.tacit.simulation.population.Cohorts} draws who takes part in which round. Knows no coordinator
 * but through the SDK's connection.
 */
@NullMarked
package io.tacit.simulation.population;

import org.jspecify.annotations.NullMarked;
