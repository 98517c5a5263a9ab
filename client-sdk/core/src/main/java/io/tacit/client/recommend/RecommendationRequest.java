package io.tacit.client.recommend;

import java.util.ArrayList;
import java.util.List;

/**
 * What is asked of a {@link Recommender}: how many items, which, how different from each other, and
 * in which situation. Immutable; each method returns a changed copy.
 */
public final class RecommendationRequest {

  /** Longest list of recommendations. */
  public static final int COUNT_MAX = 10_000;

  /** Longest list of recommendations with diversity. */
  public static final int DIVERSE_COUNT_MAX = 100;

  /** Filters of one request. */
  public static final int FILTERS_MAX = 32;

  private final int count;
  private final boolean withKnownItems;
  private final double diversity;
  private final RecommendationContext context;
  private final List<Filter> filters;

  /**
   * A condition on an attribute of items.
   *
   * @param isWanted whether items with the value come up, or all others
   */
  record Filter(String attribute, String value, boolean isWanted) {}

  private RecommendationRequest(
      int count,
      boolean withKnownItems,
      double diversity,
      RecommendationContext context,
      List<Filter> filters) {
    this.count = count;
    this.withKnownItems = withKnownItems;
    this.diversity = diversity;
    this.context = context;
    this.filters = filters;
    if (diversity > 0 && count > DIVERSE_COUNT_MAX) {
      throw new IllegalArgumentException(
          "count is "
              + count
              + ", must be 0 to "
              + DIVERSE_COUNT_MAX
              + " with diversity; ask for fewer or leave diversity out");
    }
  }

  /**
   * The best items that are available and that the person does not know yet.
   *
   * @param count how many at most, 0 to 10 000
   */
  public static RecommendationRequest best(int count) {
    if (count < 0 || count > COUNT_MAX) {
      throw new IllegalArgumentException(
          "count is " + count + ", must be 0 to " + COUNT_MAX + "; 10 are usual");
    }
    return new RecommendationRequest(count, false, 0, RecommendationContext.none(), List.of());
  }

  /** Also items of which there is an event already: for what people come back to, such as music. */
  public RecommendationRequest withKnownItems() {
    return new RecommendationRequest(count, true, diversity, context, filters);
  }

  /**
   * Only items whose attribute has this value, alone or among others. Several of these must all
   * hold.
   *
   * @param attribute of the item file
   */
  public RecommendationRequest onlyWith(String attribute, String value) {
    return with(new Filter(attribute, value, true));
  }

  /**
   * Only items whose attribute has not this value, alone or among others.
   *
   * @param attribute of the item file
   */
  public RecommendationRequest without(String attribute, String value) {
    return with(new Filter(attribute, value, false));
  }

  private RecommendationRequest with(Filter filter) {
    if (filters.size() == FILTERS_MAX) {
      throw new IllegalArgumentException(
          "there are " + FILTERS_MAX + " filters already, must be at most " + FILTERS_MAX);
    }
    List<Filter> more = new ArrayList<>(filters);
    more.add(filter);
    return new RecommendationRequest(count, withKnownItems, diversity, context, List.copyOf(more));
  }

  /**
   * How much the items shall differ from each other, by maximal marginal relevance (Carbonell and
   * Goldstein, SIGIR 1998): among the best {@code max(100, 10 * count)} items, one after the other
   * that maximises {@code (1 - diversity) * relevance - diversity * likeness}, where relevance is
   * the score scaled to 0 to 1 over these items and likeness the greatest cosine of the item's
   * embedding with one chosen before.
   *
   * @param diversity 0, which is off, to 1; 0.3 is a usual start
   */
  public RecommendationRequest withDiversity(double diversity) {
    if (!(diversity >= 0 && diversity <= 1)) {
      throw new IllegalArgumentException(
          "diversity is " + diversity + ", must be 0 to 1; 0 turns it off, 0.3 is a usual start");
    }
    return new RecommendationRequest(count, withKnownItems, diversity, context, filters);
  }

  /** The situation in which the person is. */
  public RecommendationRequest in(RecommendationContext context) {
    return new RecommendationRequest(count, withKnownItems, diversity, context, filters);
  }

  int count() {
    return count;
  }

  boolean hasKnownItems() {
    return withKnownItems;
  }

  double diversity() {
    return diversity;
  }

  RecommendationContext context() {
    return context;
  }

  List<Filter> filters() {
    return filters;
  }

  /** Prints no context: it tells of a person. */
  @Override
  public String toString() {
    return "RecommendationRequest[" + count + "]";
  }
}
