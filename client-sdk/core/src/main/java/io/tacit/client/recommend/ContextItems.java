package io.tacit.client.recommend;

import io.tacit.client.model.RankedItems;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a context is in the rows of a model: items that count as chosen, or why it can not be. */
final class ContextItems {

  /** Items that stand for an interest, the most popular ones. */
  private static final int ITEMS_OF_INTEREST = 3;

  private final List<Integer> rows = new ArrayList<>();

  /** For each row the interest that it stands for; null for the item on screen. */
  private final List<RecommendationContext.@Nullable Interest> interests = new ArrayList<>();

  private int ofInterests;
  private int rowOnScreen = -1;
  private Optional<String> refusal = Optional.empty();

  private ContextItems() {}

  /**
   * Looks a context up.
   *
   * @param wanted rows that count as chosen anyway, and are not repeated
   */
  static ContextItems of(ItemModel model, RecommendationContext context, int[] wanted) {
    ContextItems items = new ContextItems();
    if (context.isEmpty()) {
      return items;
    }
    BitSet taken = new BitSet();
    for (int row : wanted) {
      taken.set(row);
    }
    for (RecommendationContext.Interest interest : context.interests()) {
      items.add(interest, model, taken);
    }
    items.ofInterests = items.rows.size();
    context.itemOnScreen().ifPresent(itemId -> items.addOnScreen(itemId, model, taken));
    return items;
  }

  private void add(RecommendationContext.Interest interest, ItemModel model, BitSet taken) {
    Optional<BitSet> found = model.assortment().rowsWith(interest.attribute(), interest.value());
    if (!found.isPresent()) {
      refusal = Optional.of(noAttribute(interest.attribute()));
      return;
    }
    BitSet rows = found.get();
    if (rows.isEmpty()) {
      refusal =
          Optional.of(
              "no item of the model has \""
                  + interest.value()
                  + "\" as "
                  + interest.attribute()
                  + "; use a value of the item file, or leave the interest out");
      return;
    }
    rows.andNot(taken);
    RankedItems popular = model.scorer().mostPopular(ITEMS_OF_INTEREST, rows);
    // Where the latest count more, the most popular one is to be the latest.
    for (int rank = popular.size() - 1; rank >= 0; rank--) {
      add(popular.item(rank), interest, taken);
    }
  }

  private void addOnScreen(String itemId, ItemModel model, BitSet taken) {
    int row = model.assortment().embeddingRow(itemId, model.schema().unknownItemBuckets());
    if (row < 0) {
      refusal =
          Optional.of(
              "item "
                  + itemId
                  + " is not in the catalogue of the model; leave it out of the context until a"
                  + " model knows it");
      return;
    }
    rowOnScreen = row;
    if (!taken.get(row)) {
      add(row, null, taken);
    }
  }

  private void add(int row, RecommendationContext.@Nullable Interest interest, BitSet taken) {
    rows.add(row);
    interests.add(interest);
    taken.set(row);
  }

  static String noAttribute(String attribute) {
    return "items have no attribute \""
        + attribute
        + "\"; install an item file that has it (ModelStore.installItems), or leave it out of the"
        + " request";
  }

  /** Why the context can not be used. */
  Optional<String> refusal() {
    return refusal;
  }

  /** Number of items that count as chosen. */
  int size() {
    return rows.size();
  }

  /** How many of them stand for interests; these come first. */
  int ofInterests() {
    return ofInterests;
  }

  /** The rows of these items. */
  int[] rows() {
    int[] all = new int[rows.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = rows.get(i);
    }
    return all;
  }

  /** The interest that an item stands for; empty for the item on screen. */
  Optional<RecommendationContext.Interest> interest(int index) {
    return Optional.ofNullable(interests.get(index));
  }

  /** The row of the item on screen, or -1. */
  int rowOnScreen() {
    return rowOnScreen;
  }
}
