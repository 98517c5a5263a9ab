package io.tacit.client.training;

import io.tacit.client.model.UserVector;
import org.jspecify.annotations.Nullable;

/**
 * What one local training gave.
 *
 * @param delta trained parameters minus start
 * @param examples number of the device's examples, without sampled negatives
 * @param meanLoss mean over all steps of all epochs of the loss per example, before each step
 * @param userVector the new private vector, for neural collaborative filtering: the device keeps it
 *     for its next training; null for other models
 */
public record TrainingResult(
    ParameterDelta delta, int examples, double meanLoss, @Nullable UserVector userVector) {}
