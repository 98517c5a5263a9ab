package io.tacit.client.recommend;

import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.model.Attribution;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Turns what a model attributes into sentences about a person's own events. */
final class Explainer {

  private final ItemModel model;
  private final PersonalView view;
  private final List<Contribution> contributions = new ArrayList<>();

  private Explainer(ItemModel model, PersonalView view) {
    this.model = model;
    this.view = view;
  }

  /**
   * Explains.
   *
   * @param model that the recommendation names
   */
  static Explanation explain(ItemModel model, Recommendation recommendation) {
    return new Explainer(model, recommendation.view()).explain(recommendation);
  }

  private Explanation explain(Recommendation recommendation) {
    Attribution attribution =
        model
            .scorer()
            .attribute(view.user(), view.rows(), view.history().features(), recommendation.row());
    addEvents(attribution);
    addContext(attribution);
    if (attribution.features() != 0) {
      contributions.add(
          new Contribution(
              Contribution.Source.PROFILE,
              null,
              null,
              attribution.features(),
              "Because of what this app knows about you"));
    }
    if (attribution.remainder() != 0) {
      contributions.add(
          new Contribution(
              Contribution.Source.TRAINING,
              null,
              null,
              attribution.remainder(),
              "Because of what this app has learnt on this device"));
    }
    contributions.sort(Comparator.comparingDouble(Contribution::value).reversed());
    return new Explanation(
        recommendation.itemId(),
        view.modelHash(),
        attribution.baseline(),
        attribution.score(),
        contributions,
        hasPopularity() ? "Because many people like it" : "A suggestion from the catalogue");
  }

  private void addEvents(Attribution attribution) {
    int[] weightiest = weightiestFirst(attribution);
    int apart = Math.min(weightiest.length, Explanation.EVENTS_MAX);
    for (int i = 0; i < apart; i++) {
      BehaviourEvent event = view.history().event(weightiest[i]);
      contributions.add(
          new Contribution(
              Contribution.Source.EVENT,
              event.kind(),
              event.itemId().orElse(null),
              attribution.contribution(view.ofHistory(weightiest[i])),
              text(event.kind(), label(view.rows()[view.ofHistory(weightiest[i])]))));
    }
    double others = 0;
    for (int i = apart; i < weightiest.length; i++) {
      others += attribution.contribution(view.ofHistory(weightiest[i]));
    }
    if (apart < weightiest.length) {
      contributions.add(
          new Contribution(
              Contribution.Source.OTHER_EVENTS,
              null,
              null,
              others,
              "Because of " + (weightiest.length - apart) + " other items that you chose"));
    }
  }

  /** Items of the history by the size of what they add, without an object for each. */
  private int[] weightiestFirst(Attribution attribution) {
    int parts = view.history().size();
    long[] keys = new long[parts];
    for (int i = 0; i < parts; i++) {
      // The bits of floats that are not negative are in the order of the floats.
      float size = (float) Math.abs(attribution.contribution(view.ofHistory(i)));
      keys[i] = (long) -Float.floatToIntBits(size) << 32 | i;
    }
    Arrays.sort(keys);
    int[] order = new int[parts];
    for (int i = 0; i < parts; i++) {
      order[i] = (int) keys[i];
    }
    return order;
  }

  /** The items that stand for an interest are one contribution. */
  private void addContext(Attribution attribution) {
    Map<RecommendationContext.Interest, Double> interests = new LinkedHashMap<>();
    for (int i = 0; i < view.context().size(); i++) {
      double value = attribution.contribution(view.ofContext(i));
      int row = view.rows()[view.ofContext(i)];
      if (view.context().interest(i).isPresent()) {
        interests.merge(view.context().interest(i).get(), value, Double::sum);
      } else {
        contributions.add(
            new Contribution(
                Contribution.Source.ITEM_ON_SCREEN,
                null,
                row < model.assortment().size() ? model.assortment().id(row) : null,
                value,
                "Because you are looking at " + label(row)));
      }
    }
    interests.forEach(
        (interest, value) ->
            contributions.add(
                new Contribution(
                    Contribution.Source.INTEREST,
                    null,
                    null,
                    value,
                    "Because you are interested in "
                        + interest.value()
                        + " ("
                        + interest.attribute()
                        + ")")));
  }

  private boolean hasPopularity() {
    return model.scorer().specification().itemBias();
  }

  /** The title, or what stands for an item without one. */
  private String label(int row) {
    if (row >= model.assortment().size()) {
      return "an item that is not in the catalogue";
    }
    String title = model.assortment().title(row);
    return title.isEmpty() ? "item " + model.assortment().id(row) : title;
  }

  private static String text(String eventKind, String item) {
    return switch (eventKind) {
      case BehaviourEvent.VIEW -> "Because you viewed " + item;
      case BehaviourEvent.CLICK -> "Because you chose " + item;
      case BehaviourEvent.LIKE -> "Because you liked " + item;
      case BehaviourEvent.ADD_TO_CART -> "Because you put " + item + " into your basket";
      case BehaviourEvent.PURCHASE -> "Because you bought " + item;
      case BehaviourEvent.SHARE -> "Because you shared " + item;
      case BehaviourEvent.PLAY -> "Because you played " + item;
      default -> "Because of " + item;
    };
  }
}
