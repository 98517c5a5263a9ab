package io.tacit.client.training;

import io.tacit.client.model.SparseVector;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.model.ParameterBlock;
import io.tacit.protocol.model.ParameterLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The features that a training touches, under local numbers from 0 on, and their rows. Those of the
 * own items come first, so that the rows of history are the first of as many as items have.
 */
final class LocalFeatures {

  private final ModelSpecification.OfItems model;
  private final ParameterLayout layout;
  private final Numbering ofItems;
  private final SparseVector[] byItem;

  /** Features that own items have. */
  private final int ownRows;

  private final Numbering ofUser;
  private final SparseVector user;

  private LocalFeatures(
      ModelSpecification.OfItems model,
      InteractionExamples examples,
      InteractionSchedule schedule) {
    this.model = model;
    this.layout = model.layout();
    this.ofItems = new Numbering("item", model.itemFeatures());
    this.byItem = new SparseVector[model.itemFeatures() == 0 ? 0 : schedule.items()];
    int own = 0;
    for (int item = 0; item < byItem.length; item++) {
      byItem[item] = ofItems.local(examples.itemFeatures().of(schedule.row(item)));
      own = item < schedule.positives() ? ofItems.size() : own;
    }
    this.ownRows = own;
    this.ofUser = new Numbering("user", model.userFeatures());
    this.user =
        model.userFeatures() == 0 ? SparseVector.ZERO : ofUser.local(examples.userFeatures());
  }

  /**
   * The features of a training's items and of its user.
   *
   * @throws IllegalArgumentException if a feature is none of the model's
   */
  static LocalFeatures of(
      ModelSpecification.OfItems model,
      InteractionExamples examples,
      InteractionSchedule schedule) {
    return new LocalFeatures(model, examples, schedule);
  }

  /** Rows of items and user together. */
  int rows() {
    return ofItems.size() + ofUser.size();
  }

  /** Rows of items, history and user together. */
  int rowsWithHistory() {
    return rows() + ownRows;
  }

  /** Adds the rows of items, shaped as theirs. */
  FeatureSpan addItemRows(LocalRows local) {
    return add(
        local,
        ofItems,
        ofItems.size(),
        ModelSpecification.ITEM_FEATURE_EMBEDDING,
        model.itemBias() ? ModelSpecification.ITEM_FEATURE_BIAS : null,
        byItem);
  }

  /** Adds the rows of history, shaped as its. */
  FeatureSpan addHistoryRows(LocalRows local) {
    return add(local, ofItems, ownRows, ModelSpecification.HISTORY_FEATURE_EMBEDDING, null, byItem);
  }

  /** Adds the rows of the user. */
  FeatureSpan addUserRows(LocalRows local) {
    return add(
        local,
        ofUser,
        ofUser.size(),
        ModelSpecification.USER_FEATURE_EMBEDDING,
        null,
        new SparseVector[] {user});
  }

  private FeatureSpan add(
      LocalRows local,
      Numbering numbering,
      int rows,
      String block,
      @Nullable String tail,
      SparseVector[] byOwner) {
    if (rows == 0) {
      return FeatureSpan.NONE;
    }
    ParameterBlock tailBlock = tail == null ? null : layout.block(tail);
    int first = local.size();
    for (int feature = 0; feature < rows; feature++) {
      local.addRow(layout.block(block), numbering.feature(feature), tailBlock);
    }
    return new FeatureSpan(first, rows, byOwner);
  }

  /** Numbers the features that come up in the order in which they do. */
  private static final class Numbering {

    private final String whose;
    private final int[] localOf;
    private final int[] featureOf;
    private int size;

    Numbering(String whose, int width) {
      this.whose = whose;
      this.localOf = new int[width];
      this.featureOf = new int[width];
      Arrays.fill(localOf, -1);
    }

    int size() {
      return size;
    }

    int feature(int number) {
      return featureOf[number];
    }

    SparseVector local(SparseVector features) {
      SparseVector.Builder local = new SparseVector.Builder();
      for (int i = 0; i < features.count(); i++) {
        int feature = features.place(i);
        if (feature >= localOf.length) {
          throw new IllegalArgumentException(
              whose
                  + " feature "
                  + feature
                  + " is none of the model's "
                  + localOf.length
                  + "; encode features with the model's plan");
        }
        if (localOf[feature] < 0) {
          featureOf[size] = feature;
          localOf[feature] = size++;
        }
        local.add(localOf[feature], features.value(i));
      }
      return local.build();
    }
  }
}
