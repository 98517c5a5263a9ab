package io.tacit.simulation.feedback;

import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.recommend.Recommendation;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.simulation.inprocess.InProcessRounds;
import io.tacit.simulation.population.ModelFiles;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Each person's own device chooses, with the client's recommender and the model of that morning,
 * and records what the person did. Nobody else hears of it.
 */
final class DeviceShop implements World.Shop {

  private static final Instant FIRST_DAY = Instant.parse("2026-01-01T08:00:00Z");

  private final InProcessRounds rounds;
  private final Catalogue catalogue;
  private @Nullable ModelFiles files;

  /**
   * @param rounds whose devices these are
   * @param catalogue of the plan; row = item
   */
  DeviceShop(InProcessRounds rounds, Catalogue catalogue) {
    this.rounds = rounds;
    this.catalogue = catalogue;
  }

  @Override
  public void open(Experience experience) {
    files = rounds.files(catalogue);
  }

  @Override
  public int[] choose(int person, Experience experience, int day) throws IOException {
    if (files == null) {
      throw new IllegalStateException("the day has not begun");
    }
    List<Integer> items = new ArrayList<>();
    for (Recommendation recommendation :
        rounds.population().devices().get(person).recommend(files, FeedbackSettings.SHOWN)) {
      items.add(catalogue.rowOf(recommendation.itemId()));
    }
    return items.stream().mapToInt(Integer::intValue).toArray();
  }

  @Override
  public void heard(int person, int[] items, boolean[] clicked, int day) throws IOException {
    List<BehaviourEvent> events = new ArrayList<>();
    for (int i = 0; i < items.length; i++) {
      String kind = clicked[i] ? BehaviourEvent.CLICK : BehaviourEvent.SKIP;
      Instant at = FIRST_DAY.plus(Duration.ofDays(day)).plusSeconds(i);
      events.add(BehaviourEvent.of(kind, catalogue.item(items[i]).id(), at));
    }
    rounds.population().devices().get(person).record(events);
  }
}
