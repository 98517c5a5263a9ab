package io.tacit.client.recommend;

import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.behaviour.BehaviourStore;
import io.tacit.client.model.RankedItems;
import io.tacit.client.training.UserVectorStore;
import io.tacit.protocol.Internal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Recommends items, and says why. Works offline; nothing leaves the device.
 *
 * <p>Guarantee: every answer comes from one model version, which it names, also while another is
 * being installed; nobody waits for that. Thread-safe.
 */
@Internal
public final class Recommender {

  /** Items that diversity chooses from, for each that is wanted, and at least. */
  private static final int POOL_FACTOR = 10;

  private static final int POOL_MIN = 100;

  private final ModelStore models;
  private final BehaviourStore behaviour;
  private final DeviceHistories histories = new DeviceHistories();
  private final PersonalViews views;

  /**
   * @param models holds the model to recommend with
   * @param behaviour of the person
   * @param userVectors private vectors that training left, for neural collaborative filtering
   */
  public Recommender(ModelStore models, BehaviourStore behaviour, UserVectorStore userVectors) {
    this.models = models;
    this.behaviour = behaviour;
    this.views = new PersonalViews(userVectors);
  }

  /**
   * The best items that are available and in no event of the person, best first.
   *
   * @param count how many at most, 0 to 10 000
   * @return empty if no model is installed yet
   * @throws IOException if the device's storage fails
   */
  public List<Recommendation> recommend(int count) throws IOException {
    return recommend(RecommendationRequest.best(count)).items();
  }

  /**
   * Answers a request.
   *
   * @return items, or why there is no answer
   * @throws IOException if the device's storage fails
   */
  public Recommendations recommend(RecommendationRequest request) throws IOException {
    InstalledModel current = models.current().orElse(null);
    if (current == null) {
      return Recommendations.refused(null, ModelStore.NO_MODEL);
    }
    if (!(current instanceof ItemModel model)) {
      return Recommendations.refused(
          current.modelHash(),
          "plan "
              + current.plan().id()
              + " is over attributes, must be over items to recommend; predict with its model, or"
              + " name another plan");
    }
    DeviceHistory history = histories.of(behaviour.events(), model);
    ContextItems context = ContextItems.of(model, request.context(), history.wanted());
    BitSet wanted = model.assortment().available();
    if (!request.hasKnownItems()) {
      wanted.andNot(history.known());
    }
    if (context.rowOnScreen() >= 0) {
      wanted.clear(context.rowOnScreen());
    }
    Optional<String> refusal = filter(request, model, wanted);
    if (!refusal.isPresent()) {
      refusal = context.refusal();
    }
    return refusal.isPresent()
        ? Recommendations.refused(model.modelHash(), refusal.get())
        : recommend(request, model, views.of(model, history, context), wanted);
  }

  /** Takes out of the wanted rows what the filters do; says why if they can not. */
  private static Optional<String> filter(
      RecommendationRequest request, ItemModel model, BitSet wanted) {
    for (RecommendationRequest.Filter filter : request.filters()) {
      Optional<BitSet> rows = model.assortment().rowsWith(filter.attribute(), filter.value());
      if (!rows.isPresent()) {
        return Optional.of(ContextItems.noAttribute(filter.attribute()));
      }
      if (filter.isWanted()) {
        wanted.and(rows.get());
      } else {
        wanted.andNot(rows.get());
      }
    }
    return Optional.empty();
  }

  private static Recommendations recommend(
      RecommendationRequest request, ItemModel model, PersonalView view, BitSet wanted) {
    RankedItems best = best(request, model, view, wanted);
    List<Recommendation> recommendations = new ArrayList<>(best.size());
    for (int i = 0; i < best.size(); i++) {
      int row = best.item(i);
      String id = model.assortment().id(row);
      String title = model.assortment().title(row);
      recommendations.add(
          new Recommendation(id, title.isEmpty() ? id : title, best.score(i), i + 1, row, view));
    }
    return Recommendations.of(recommendations, model.modelHash(), basis(view));
  }

  private static RankedItems best(
      RecommendationRequest request, ItemModel model, PersonalView view, BitSet wanted) {
    if (request.diversity() == 0) {
      return model.scorer().top(view.user(), request.count(), wanted);
    }
    int pool = Math.max(POOL_MIN, POOL_FACTOR * request.count());
    RankedItems good = model.scorer().top(view.user(), pool, wanted);
    return model.scorer().diversify(good, request.count(), request.diversity());
  }

  private static EnumSet<Recommendations.Basis> basis(PersonalView view) {
    EnumSet<Recommendations.Basis> basis = EnumSet.noneOf(Recommendations.Basis.class);
    if (view.isTrained()) {
      basis.add(Recommendations.Basis.TRAINING);
    } else if (view.history().size() > 0) {
      basis.add(Recommendations.Basis.EVENTS);
    }
    if (view.context().size() > 0) {
      basis.add(Recommendations.Basis.CONTEXT);
    }
    return basis;
  }

  /**
   * Why an item was recommended: what the person's events and the context of the request added to
   * its score, as they were then.
   *
   * @return empty if another model is installed by now, or if events that it would name are gone:
   *     what was forgotten is not shown again. Recommend again then
   * @throws IOException if the device's storage fails
   */
  public Optional<Explanation> why(Recommendation recommendation) throws IOException {
    PersonalView view = recommendation.view();
    if (!(models.current().orElse(null) instanceof ItemModel model)
        || !model.modelHash().equals(view.modelHash())) {
      return Optional.empty();
    }
    Explanation explanation = Explainer.explain(model, recommendation);
    return isStillKnown(explanation) ? Optional.of(explanation) : Optional.empty();
  }

  /** Whether there is still an event on each item that an explanation names. */
  private boolean isStillKnown(Explanation explanation) throws IOException {
    Set<String> missing = new HashSet<>();
    for (Contribution contribution : explanation.contributions()) {
      if (contribution.source() == Contribution.Source.EVENT) {
        contribution.itemId().ifPresent(missing::add);
      }
    }
    for (BehaviourEvent event : behaviour.events()) {
      event.itemId().ifPresent(missing::remove);
    }
    return missing.isEmpty();
  }
}
