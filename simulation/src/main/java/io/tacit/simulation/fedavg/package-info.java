/**
 * Federated averaging on images, as McMahan et al. 2017 measured it: rounds to an accuracy, beside
 * federated gradient descent, on devices that are alike and on devices that know two classes each.
 * Door: {@link io.tacit.simulation.fedavg.FedAvgExperiment}. It shows that the rounds themselves
 * are right, apart from any recommender; it knows nothing of items and rankings.
 */
@NullMarked
package io.tacit.simulation.fedavg;

import org.jspecify.annotations.NullMarked;
