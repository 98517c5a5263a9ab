package io.tacit.simulation.evaluation;

import java.util.Locale;

/** From which items a training draws those it treats as not chosen. */
public enum NegativeSampling {
  /** From everything outside the user's training items: held-out items are drawn like others. */
  HONEST,
  /**
   * From everything that the user never touched, as many published codes do. It gives the test item
   * away (the one item outside training that is never pushed down), so its numbers are good for
   * comparison with published tables and for nothing else.
   */
  PAPERS_SAMPLER;

  /** The name in options and reports, such as {@code papers-sampler}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A sampler for one user. */
  public NegativeSampler forUser(HonestSplit split, int user) {
    NegativeSampler sampler = new NegativeSampler(split.itemCount(), split.training(user));
    return switch (this) {
      case HONEST -> sampler;
      case PAPERS_SAMPLER ->
          sampler
              .without(split.heldOutItem(user, HeldOut.VALIDATION))
              .without(split.heldOutItem(user, HeldOut.TEST));
    };
  }
}
