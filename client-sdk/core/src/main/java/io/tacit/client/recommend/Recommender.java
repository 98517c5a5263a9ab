package io.tacit.client.recommend;

import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.behaviour.BehaviourStore;
import io.tacit.client.features.FeatureEncoder;
import io.tacit.client.model.RankedItems;
import io.tacit.client.model.UserVector;
import io.tacit.client.training.UserVectorStore;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.FeatureSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Recommends items that a person does not know yet. Works offline; nothing leaves the device.
 * Thread-safe.
 */
public final class Recommender {

  /** Longest list of recommendations. */
  public static final int COUNT_MAX = 10_000;

  private final ModelStore models;
  private final BehaviourStore behaviour;
  private final UserVectorStore userVectors;

  /**
   * @param models holds the model to recommend with
   * @param behaviour of the person
   * @param userVectors private vectors that training left, for neural collaborative filtering
   */
  public Recommender(ModelStore models, BehaviourStore behaviour, UserVectorStore userVectors) {
    this.models = models;
    this.behaviour = behaviour;
    this.userVectors = userVectors;
  }

  /**
   * The best items that are in no event of the person, best first.
   *
   * @param count how many at most, 0 to 10 000
   * @return empty if no model is installed yet
   * @throws IOException if the device's storage fails
   */
  public List<Recommendation> recommend(int count) throws IOException {
    if (count < 0 || count > COUNT_MAX) {
      throw new IllegalArgumentException(
          "count is " + count + ", must be 0 to " + COUNT_MAX + "; 10 are usual");
    }
    Optional<InstalledModel> model = models.current();
    return model.isPresent() ? recommend(model.get(), count) : List.of();
  }

  private List<Recommendation> recommend(InstalledModel model, int count) throws IOException {
    FeatureSchema.Items schema = (FeatureSchema.Items) model.plan().features();
    Catalogue catalogue = model.catalogue();
    List<BehaviourEvent> events = behaviour.events();
    int[] history = FeatureEncoder.positiveRows(events, schema, catalogue);
    // Bucket rows stand for items that nobody knows the name of.
    int[] excluded =
        IntStream.concat(
                IntStream.of(FeatureEncoder.knownRows(events, schema, catalogue)),
                IntStream.range(catalogue.size(), schema.rows()))
            .toArray();
    UserVector user = model.scorer().userVector(history, privateVector(model));
    RankedItems best = model.scorer().top(user, count, excluded);
    List<Recommendation> recommendations = new ArrayList<>(best.size());
    for (int rank = 0; rank < best.size(); rank++) {
      Catalogue.Item item = catalogue.item(best.item(rank));
      recommendations.add(new Recommendation(item.id(), item.title(), best.score(rank)));
    }
    return recommendations;
  }

  private @Nullable UserVector privateVector(InstalledModel model) throws IOException {
    if (!(model.plan().model() instanceof ModelSpecification.NeuralCf neuralCf)) {
      return null;
    }
    return userVectors
        .find(model.plan().id())
        .filter(vector -> vector.dimension() == neuralCf.dimension())
        .orElse(null);
  }
}
