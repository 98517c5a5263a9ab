package io.tacit.simulation.evaluation;

/** The two items of each user that no training sees. */
public enum HeldOut {
  /** Chooses rounds, regularisers and other settings. */
  VALIDATION,
  /** Gives the number that is reported. */
  TEST
}
