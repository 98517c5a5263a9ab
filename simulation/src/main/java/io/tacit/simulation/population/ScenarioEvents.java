package io.tacit.simulation.population;

import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.protocol.model.SplitMix64;
import io.tacit.simulation.data.Interaction;
import io.tacit.simulation.data.InteractionDataSet;
import io.tacit.simulation.data.Item;
import io.tacit.simulation.data.ItemAttribute;
import io.tacit.simulation.data.Scenario;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the app of a scenario records for a model over attributes: every item that it shows, with
 * what the app knows of it and what the person did. For each item that a user of the data set
 * chose, another one was shown and passed by.
 *
 * <p>Attributes are those of the scenario's schema, the {@code title}, and where posts, sounds and
 * pictures are shown an {@code embedding}, as an app's own model would make it: alike for items of
 * one topic. {@code deploy/plans} has a plan of each scenario's name for these events.
 */
public final class ScenarioEvents {

  private static final int DIMENSION = 8;
  private static final double ITEM_SPREAD = 0.5;

  private final InteractionDataSet data;
  private final String taken;
  private final String label;
  private final boolean hasEmbeddings;

  private ScenarioEvents(
      InteractionDataSet data, String taken, String label, boolean hasEmbeddings) {
    this.data = data;
    this.taken = taken;
    this.label = label;
    this.hasEmbeddings = hasEmbeddings;
  }

  /**
   * The events of a scenario's users.
   *
   * @param data that the scenario's generator made
   */
  public static ScenarioEvents of(Scenario scenario, InteractionDataSet data) {
    return switch (scenario) {
      case ECOMMERCE -> new ScenarioEvents(data, BehaviourEvent.CLICK, "clicked", false);
      case SOCIAL -> new ScenarioEvents(data, BehaviourEvent.LIKE, "liked", true);
      case NEWS -> new ScenarioEvents(data, BehaviourEvent.CLICK, "read", false);
      case MEDIA -> new ScenarioEvents(data, BehaviourEvent.PLAY, "played", true);
    };
  }

  /**
   * What the app recorded of one user, in the order in which it happened.
   *
   * @param user index in the data set
   * @param seed of what was shown beside what the user chose
   */
  public List<BehaviourEvent> events(int user, long seed) {
    SplitMix64 random = new SplitMix64(seed);
    List<Interaction> chosen = data.users().get(user).interactions();
    Set<Integer> known = chosen.stream().map(Interaction::item).collect(Collectors.toSet());
    List<BehaviourEvent> events = new ArrayList<>();
    for (Interaction interaction : chosen) {
      Instant at = Instant.ofEpochSecond(interaction.epochSeconds());
      BehaviourEvent take = event(taken, interaction.item(), at, interaction.value());
      BehaviourEvent skip = event(BehaviourEvent.SKIP, other(known, random), at, 0);
      events.addAll(random.nextInt(2) == 0 ? List.of(take, skip) : List.of(skip, take));
    }
    return events;
  }

  private int other(Set<Integer> known, SplitMix64 random) {
    int item = random.nextInt(data.items().size());
    while (known.contains(item)) {
      item = random.nextInt(data.items().size());
    }
    return item;
  }

  private BehaviourEvent event(String kind, int index, Instant at, double value) {
    Item item = data.items().get(index);
    BehaviourEvent event =
        BehaviourEvent.of(kind, item.externalId(), at)
            .with(label, value)
            .with("title", item.title());
    for (int field = 0; field < data.schema().size(); field++) {
      event = with(event, data.schema().get(field).name(), item.attributes().get(field));
    }
    return hasEmbeddings ? event.with("embedding", embedding(item)) : event;
  }

  private static BehaviourEvent with(BehaviourEvent event, String name, ItemAttribute attribute) {
    if (attribute instanceof ItemAttribute.Quantity quantity) {
      return event.with(name, quantity.amount());
    }
    return event.with(name, text(attribute));
  }

  private static String text(ItemAttribute attribute) {
    return attribute instanceof ItemAttribute.Labels labels
        ? String.join(" ", labels.names())
        : ((ItemAttribute.Label) attribute).name();
  }

  /** Of the topic, which is the first field in both scenarios that have embeddings, and noise. */
  private static float[] embedding(Item item) {
    SplitMix64 topic = new SplitMix64(text(item.attributes().get(0)).hashCode());
    SplitMix64 own = new SplitMix64(item.externalId().hashCode());
    float[] embedding = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      embedding[i] = (float) (topic.nextGaussian() + ITEM_SPREAD * own.nextGaussian());
    }
    return embedding;
  }
}
