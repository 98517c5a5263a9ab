package io.tacit.client.recommend;

import io.tacit.protocol.ContentHash;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one model version says of some candidates, or why it says nothing. Immutable. */
public final class Predictions {

  /** Candidates in one call. */
  public static final int CANDIDATES_MAX = 10_000;

  private final List<Prediction> items;
  private final @Nullable ContentHash model;
  private final @Nullable String refusal;

  private Predictions(
      List<Prediction> items, @Nullable ContentHash model, @Nullable String refusal) {
    this.items = List.copyOf(items);
    this.model = model;
    this.refusal = refusal;
  }

  static Predictions of(List<Prediction> items, ContentHash model) {
    return new Predictions(items, model, null);
  }

  static Predictions refused(@Nullable ContentHash model, String reason) {
    return new Predictions(List.of(), model, reason);
  }

  /** One for each candidate, in their order; none if there is a refusal. */
  public List<Prediction> items() {
    return items;
  }

  /** SHA-256 of the file of the model that answered; empty if none is installed yet. */
  public Optional<ContentHash> model() {
    return Optional.ofNullable(model);
  }

  /**
   * Why there is no answer: no model yet, one of another kind, or a candidate that does not fit the
   * features of its plan. Holds no value of any event.
   */
  public Optional<String> refusal() {
    return Optional.ofNullable(refusal);
  }

  @Override
  public String toString() {
    return "Predictions[" + items.size() + "]";
  }
}
