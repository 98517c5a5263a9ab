package io.tacit.simulation.feedback;

import io.tacit.protocol.model.SplitMix64;

/** Ways to choose items that need no model, to compare with. */
final class Shops {

  private Shops() {}

  /** The items that all people together click most often, as a server sees that knows them all. */
  static final class Popular implements World.Shop {

    private double[] rates = {};

    @Override
    public void open(Experience experience) {
      rates = experience.clickRates();
    }

    @Override
    public int[] choose(int person, Experience experience, int day) {
      return World.best(person, experience, item -> rates[item]);
    }

    @Override
    public void heard(int person, int[] items, boolean[] clicked, int day) {}
  }

  /** Any items. */
  static final class Random implements World.Shop {

    private final SplitMix64 random;

    Random(long seed) {
      this.random = new SplitMix64(seed);
    }

    @Override
    public void open(Experience experience) {}

    @Override
    public int[] choose(int person, Experience experience, int day) {
      int[] unseen = experience.unseen(person);
      int[] chosen = new int[FeedbackSettings.SHOWN];
      for (int i = 0; i < chosen.length; i++) {
        int other = i + random.nextInt(unseen.length - i);
        chosen[i] = unseen[other];
        unseen[other] = unseen[i];
      }
      return chosen;
    }

    @Override
    public void heard(int person, int[] items, boolean[] clicked, int day) {}
  }

  /** The items that the person likes most: nobody can know, and nobody can do better. */
  static final class Omniscient implements World.Shop {

    private final HiddenPreference preference;

    Omniscient(HiddenPreference preference) {
      this.preference = preference;
    }

    @Override
    public void open(Experience experience) {}

    @Override
    public int[] choose(int person, Experience experience, int day) {
      return World.best(person, experience, item -> preference.chance(person, item, day));
    }

    @Override
    public void heard(int person, int[] items, boolean[] clicked, int day) {}
  }
}
