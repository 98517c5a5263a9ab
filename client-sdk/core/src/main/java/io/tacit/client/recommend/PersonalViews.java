package io.tacit.client.recommend;

import io.tacit.client.model.SparseVector;
import io.tacit.client.model.UserVector;
import io.tacit.client.training.UserVectorFit;
import io.tacit.client.training.UserVectorStore;
import io.tacit.protocol.model.ModelSpecification;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes the vector of a person, also of one of whom little is known:
 *
 * <ul>
 *   <li>a two-tower model pools the items of history and context, from the first on;
 *   <li>a neural-cf model takes the private vector that training left. Before there is one, the
 *       vector is fitted to history and context, starting from zero, with the items as they are; a
 *       context then moves either by the same fit;
 *   <li>what the person's features say is added to either;
 *   <li>with nothing at all the vector is zero: items rank by their bias, which is what everyone
 *       likes.
 * </ul>
 */
final class PersonalViews {

  /** Latest items that a vector is fitted to: this bounds the time of a request. */
  private static final int FIT_ITEMS_MAX = 32;

  private final UserVectorStore userVectors;

  PersonalViews(UserVectorStore userVectors) {
    this.userVectors = userVectors;
  }

  PersonalView of(ItemModel model, DeviceHistory history, ContextItems context) throws IOException {
    if (!(model.plan().model() instanceof ModelSpecification.NeuralCf specification)) {
      return view(model, null, history, context, false);
    }
    UserVector kept = kept(model, specification);
    if (kept != null) {
      UserVector own =
          context.size() == 0 ? kept : fit(model, context.rows(), history.features(), kept);
      return view(model, own, history, context, true);
    }
    DeviceHistory latest = history.latest(FIT_ITEMS_MAX);
    UserVector zero = UserVector.copyOf(new float[specification.dimension()]);
    int[] rows = rows(latest, context);
    return view(model, fit(model, rows, history.features(), zero), latest, context, false);
  }

  private static PersonalView view(
      ItemModel model,
      @Nullable UserVector own,
      DeviceHistory history,
      ContextItems context,
      boolean isTrained) {
    int[] rows = rows(history, context);
    UserVector user = model.scorer().userVector(rows, own, history.features());
    return new PersonalView(model.modelHash(), user, rows, history, context, isTrained);
  }

  /** The vector that training left, unless the model has changed its dimension since. */
  private @Nullable UserVector kept(ItemModel model, ModelSpecification.NeuralCf specification)
      throws IOException {
    return userVectors
        .find(model.plan().id())
        .filter(vector -> vector.dimension() == specification.dimension())
        .orElse(null);
  }

  private static UserVector fit(
      ItemModel model, int[] rows, SparseVector features, UserVector start) {
    return UserVectorFit.of(model.plan(), model.scorer(), rows, features, start);
  }

  private static int[] rows(DeviceHistory history, ContextItems context) {
    int[] own = history.wanted();
    if (context.size() == 0) {
      return own;
    }
    int interests = context.ofInterests();
    int[] all = Arrays.copyOf(context.rows(), own.length + context.size());
    System.arraycopy(all, interests, all, interests + own.length, context.size() - interests);
    System.arraycopy(own, 0, all, interests, own.length);
    return all;
  }
}
