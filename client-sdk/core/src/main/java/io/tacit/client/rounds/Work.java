package io.tacit.client.rounds;

import io.tacit.client.connection.Assignment;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.TrainingPlan;
import org.jspecify.annotations.Nullable;

/**
 * Work that a device has accepted, with all that it takes.
 *
 * @param assignment as announced
 * @param plan of the assignment, within the app's policy
 * @param catalogue of the plan, null if it has none
 * @param model to start from, of the plan's size
 * @param bytesDown bytes of these that had to be fetched
 */
record Work(
    Assignment assignment,
    TrainingPlan plan,
    @Nullable Catalogue catalogue,
    ModelParameters model,
    long bytesDown) {}
