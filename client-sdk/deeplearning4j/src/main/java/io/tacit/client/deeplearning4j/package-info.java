/**
 * The training engine over Deeplearning4j, for clients on the JVM: {@link
 * io.tacit.client.deeplearning4j.Deeplearning4jEngine} is the door, {@link
 * io.tacit.client.deeplearning4j.MultiLayerConfigurations} the way in for models that somebody has
 * as a Deeplearning4j configuration. The only place that names DL4J, ND4J or JavaCPP. Knows nothing
 * of which examples come in which order: {@link io.tacit.client.training.LocalTraining} decides
 * that for all engines.
 */
@NullMarked
package io.tacit.client.deeplearning4j;

import org.jspecify.annotations.NullMarked;
