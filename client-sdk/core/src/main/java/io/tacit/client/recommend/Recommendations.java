package io.tacit.client.recommend;

import io.tacit.protocol.ContentHash;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The answer to a {@link RecommendationRequest}, from one model version throughout. Immutable. */
public final class Recommendations {

  /** What an answer is built on. Without any of these it is what everyone likes. */
  public enum Basis {
    /** Events that say what the person wants. */
    EVENTS,
    /** The private user vector that training left on the device. */
    TRAINING,
    /** The context of the request. */
    CONTEXT
  }

  private final List<Recommendation> items;
  private final @Nullable ContentHash model;
  private final @Nullable String refusal;
  private final Set<Basis> basis;

  private Recommendations(
      List<Recommendation> items,
      @Nullable ContentHash model,
      @Nullable String refusal,
      Set<Basis> basis) {
    this.items = List.copyOf(items);
    this.model = model;
    this.refusal = refusal;
    this.basis = Set.copyOf(basis);
  }

  static Recommendations of(List<Recommendation> items, ContentHash model, EnumSet<Basis> basis) {
    return new Recommendations(items, model, null, basis);
  }

  static Recommendations refused(@Nullable ContentHash model, String reason) {
    return new Recommendations(List.of(), model, reason, EnumSet.noneOf(Basis.class));
  }

  /** Best first; with diversity, in the order of choice. */
  public List<Recommendation> items() {
    return items;
  }

  /** SHA-256 of the file of the model that answered; empty if none is installed yet. */
  public Optional<ContentHash> model() {
    return Optional.ofNullable(model);
  }

  /** Why there is no answer, if the request asks for what this device can not do. */
  public Optional<String> refusal() {
    return Optional.ofNullable(refusal);
  }

  /** What the answer is built on. */
  public Set<Basis> basis() {
    return basis;
  }

  @Override
  public String toString() {
    return "Recommendations[" + items.size() + "]";
  }
}
