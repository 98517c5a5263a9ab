package io.tacit.coordinator.privacy;

import io.tacit.protocol.RoundId;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.plan.TrainingPlan;
import java.time.Instant;

/**
 * That the sum of a session is about to be known.
 *
 * @param session whose sum it is
 * @param round of the session
 * @param plan of the round
 * @param contributors devices in the sum
 * @param at when it is charged
 */
public record PrivacyCharge(
    SessionId session, RoundId round, TrainingPlan plan, int contributors, Instant at) {}
