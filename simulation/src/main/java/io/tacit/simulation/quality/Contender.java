package io.tacit.simulation.quality;

import java.util.Locale;

/** A system that an evaluation measures; those behind the first are its controls. */
public enum Contender {
  /** The model trained in rounds, by the client's and the coordinator's own code. */
  FEDERATED("federated", "trained in rounds; behaviour stays on its device", true),
  /** The same model, with everybody's data in one place. */
  CENTRAL("same model, centralised", "the same local steps on data collected in one place", true),
  /** A strong linear model on collected data. */
  EASE("EASE", "closed form on collected data; regulariser chosen on validation", false),
  /** What most users have. */
  POPULARITY("item popularity", "the same list for everyone", false),
  /** What users had last. */
  LAST_POSITION(
      "last-position table",
      "the same list for everyone, by how often an item is a last training item; above popularity,"
          + " the order of the data gives the test item away",
      false),
  /** The model on each device alone. */
  LOCAL_ONLY("local only", "the same model, trained by each device alone", true),
  /** A bias per item and user; must stay at chance. */
  NO_COLLABORATION(
      "no collaboration",
      "an item bias trained by each device alone; above chance, the sampler gives the test item"
          + " away",
      false);

  private final String title;
  private final String meaning;
  private final boolean trained;

  Contender(String title, String meaning, boolean trained) {
    this.title = title;
    this.meaning = meaning;
    this.trained = trained;
  }

  /** For people. */
  public String title() {
    return title;
  }

  /** What it is and what to read from it, a phrase. */
  public String meaning() {
    return meaning;
  }

  /** The name in files and JSON, such as {@code no-collaboration}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether it depends on the training recipe. */
  boolean isTrained() {
    return trained;
  }

  /** Whether it depends on the rule for training negatives. */
  boolean drawsNegatives() {
    return trained || this == NO_COLLABORATION;
  }
}
