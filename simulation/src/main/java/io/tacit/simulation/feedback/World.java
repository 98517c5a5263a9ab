package io.tacit.simulation.feedback;

import java.io.IOException;
import java.util.Comparator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The people, served by one way to choose items. Each world has its own history: what was
 * recommended yesterday decides what is known today. Not thread-safe.
 */
final class World {

  private final HiddenPreference preference;
  private final Experience experience;
  private final int people;
  private final Shop shop;

  /** Who chooses items, and hears what became of them. */
  interface Shop {

    /** A day begins. */
    void open(Experience experience) throws IOException;

    /**
     * Chooses items for a person.
     *
     * @return {@link FeedbackSettings#SHOWN} items, none of which it was shown before
     */
    int[] choose(int person, Experience experience, int day) throws IOException;

    /**
     * The person was shown items.
     *
     * @param items in the order in which they were shown
     * @param clicked for each of them, whether the person clicked it
     * @param day 0 for what was before the first
     */
    void heard(int person, int[] items, boolean[] clicked, int day) throws IOException;
  }

  World(HiddenPreference preference, int people, Shop shop) {
    this.preference = preference;
    this.experience = new Experience(people);
    this.people = people;
    this.shop = shop;
  }

  /** What a person did before the first day; the same in each world. */
  void remember(int person, int[] items) throws IOException {
    show(person, items, 0);
  }

  /**
   * One day.
   *
   * @return share of the shown items that each person clicked, {@code double[people]}
   */
  double[] day(int day) throws IOException {
    shop.open(experience);
    double[] rates = new double[people];
    for (int person = 0; person < people; person++) {
      int[] items = shop.choose(person, experience, day);
      rates[person] = (double) show(person, items, day) / FeedbackSettings.SHOWN;
    }
    return rates;
  }

  private int show(int person, int[] items, int day) throws IOException {
    boolean[] clicked = new boolean[items.length];
    int clicks = 0;
    for (int i = 0; i < items.length; i++) {
      clicked[i] = preference.clicks(person, items[i], day);
      experience.add(person, items[i], clicked[i]);
      clicks += clicked[i] ? 1 : 0;
    }
    shop.heard(person, items, clicked, day);
    return clicks;
  }

  /** The unseen items of the highest score, the earlier of equal ones first. */
  static int[] best(int person, Experience experience, IntToDoubleFunction score) {
    return IntStream.of(experience.unseen(person))
        .boxed()
        .sorted(Comparator.comparingDouble(item -> -score.applyAsDouble(item)))
        .limit(FeedbackSettings.SHOWN)
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
