package io.tacit.protocol.plan;

import io.tacit.protocol.privacy.HonestShare;

/** The wire form of a plan's privacy, both ways, as {@link PlanMessages} does the rest. */
final class PrivacyMessages {

  private PrivacyMessages() {}

  static io.tacit.protocol.v1.PrivacySettings encode(PrivacySettings.Noise noise) {
    return io.tacit.protocol.v1.PrivacySettings.newBuilder()
        .setMechanismValue(noise.mechanism().ordinal() + 1)
        .setNoiseMultiplier(noise.noiseMultiplier())
        .setDelta(noise.delta())
        .setUsers(noise.users())
        .setParticipationsMax(noise.participationsMax())
        .setShardsMinimum(noise.shardsMinimum())
        .setDishonestValue(noise.dishonest().ordinal() + 1)
        .setEpsilonModelsMax(limit(noise.budget().models()))
        .setEpsilonCoordinatorMax(limit(noise.budget().coordinator()))
        .build();
  }

  static PrivacySettings decode(WireMessage message) {
    return new PrivacySettings.Noise(
        PlanMessages.value(
            "privacy.mechanism",
            PrivacySettings.Mechanism.values(),
            message.uint32(io.tacit.protocol.v1.PrivacySettings.MECHANISM_FIELD_NUMBER)),
        message.float64(io.tacit.protocol.v1.PrivacySettings.NOISE_MULTIPLIER_FIELD_NUMBER),
        message.float64(io.tacit.protocol.v1.PrivacySettings.DELTA_FIELD_NUMBER),
        message.uint64(io.tacit.protocol.v1.PrivacySettings.USERS_FIELD_NUMBER),
        message.uint32(io.tacit.protocol.v1.PrivacySettings.PARTICIPATIONS_MAX_FIELD_NUMBER),
        message.uint32(io.tacit.protocol.v1.PrivacySettings.SHARDS_MINIMUM_FIELD_NUMBER),
        PlanMessages.value(
            "privacy.dishonest",
            HonestShare.Dishonest.values(),
            message.uint32(io.tacit.protocol.v1.PrivacySettings.DISHONEST_FIELD_NUMBER)),
        new PrivacySettings.Budget(
            limit(message, io.tacit.protocol.v1.PrivacySettings.EPSILON_MODELS_MAX_FIELD_NUMBER),
            limit(
                message,
                io.tacit.protocol.v1.PrivacySettings.EPSILON_COORDINATOR_MAX_FIELD_NUMBER)));
  }

  /** On the wire, 0 is no limit. */
  static double limit(double epsilon) {
    return Double.isInfinite(epsilon) ? 0 : epsilon;
  }

  static double limit(WireMessage message, int field) {
    double written = message.float64(field);
    return written == 0 ? Double.POSITIVE_INFINITY : written;
  }
}
