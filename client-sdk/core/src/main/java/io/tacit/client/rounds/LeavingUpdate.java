package io.tacit.client.rounds;

import io.tacit.client.storage.Charge;
import io.tacit.protocol.RoundId;
import io.tacit.protocol.plan.AggregationSettings;

/**
 * What can be said of an update that leaves the device, without its content.
 *
 * @param round it is for
 * @param planVersion of the round's plan
 * @param mode how it is protected on its way
 * @param bytes of the encoded update
 * @param clipNorm bound of its L2 norm
 * @param rosterSize devices in the session, this one included
 * @param charge how much noise hides it
 * @param sensitivity by how much it can change a sum at the most, in the unit of the updates
 * @param reports whether it tells how well the round's model did on this device
 */
public record LeavingUpdate(
    RoundId round,
    int planVersion,
    AggregationSettings.Mode mode,
    int bytes,
    double clipNorm,
    int rosterSize,
    Charge charge,
    double sensitivity,
    boolean reports) {}
