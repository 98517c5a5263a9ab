package io.tacit.client.features;

import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.model.SparseVector;
import io.tacit.protocol.plan.Feature;
import io.tacit.protocol.plan.FeatureSchema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a device knows of its person, from the attributes of events. */
public final class UserFeatures {

  private UserFeatures() {}

  /**
   * The features of a plan's users.
   *
   * @param events in the order in which they happened; of each attribute the latest event that
   *     carries it counts
   */
  public static SparseVector of(FeatureSchema.Items schema, List<BehaviourEvent> events) {
    List<Feature> features = schema.userFeatures();
    if (features.isEmpty()) {
      return SparseVector.ZERO;
    }
    @Nullable Object[] latest = new Object[features.size()];
    int missing = latest.length;
    for (int i = events.size() - 1; i >= 0 && missing > 0; i--) {
      for (int f = 0; f < latest.length; f++) {
        if (latest[f] == null) {
          latest[f] = value(events.get(i), features.get(f).name());
          missing -= latest[f] == null ? 0 : 1;
        }
      }
    }
    return new SideFeatures(features).encode(i -> latest[i]);
  }

  private static @Nullable Object value(BehaviourEvent event, String attribute) {
    if (event.texts().containsKey(attribute)) {
      return event.texts().get(attribute);
    }
    return event.numbers().containsKey(attribute)
        ? event.numbers().get(attribute)
        : event.vectors().get(attribute);
  }
}
