package io.tacit.client.features;

import io.tacit.client.behaviour.EventVector;
import io.tacit.client.model.ItemFeatures;
import io.tacit.client.model.SparseVector;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.CatalogueCells;
import io.tacit.protocol.plan.Feature;
import io.tacit.protocol.plan.FeatureSchema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a catalogue's cells say of items, by the features of a plan. An item is encoded when it is
 * asked for: a training asks for few. Not thread-safe.
 */
public final class CatalogueFeatures implements ItemFeatures {

  private final List<Feature> features;
  private final SideFeatures encoder;
  private final int items;
  private final int[] columns;
  private final Cells cells;

  /** A table of texts. */
  @FunctionalInterface
  public interface Cells {

    /** The text of an item, by its row, in a column beside id and title. */
    String cell(int item, int column);
  }

  private CatalogueFeatures(List<Feature> features, int[] columns, int items, Cells cells) {
    this.features = features;
    this.encoder = new SideFeatures(features);
    this.columns = columns;
    this.items = items;
    this.cells = cells;
  }

  /**
   * The features of a plan's items.
   *
   * @param catalogue of the plan
   * @throws IllegalArgumentException if it lacks a column
   */
  static ItemFeatures of(FeatureSchema.Items schema, Catalogue catalogue) {
    return of(
        schema, catalogue.columns(), (item, column) -> catalogue.item(item).cells().get(column));
  }

  /**
   * The same of a catalogue in another form.
   *
   * @param columnNames of the catalogue, beside id and title
   * @throws IllegalArgumentException if it lacks a column
   */
  public static ItemFeatures of(FeatureSchema.Items schema, List<String> columnNames, Cells cells) {
    List<Feature> features = schema.itemFeatures();
    if (features.isEmpty()) {
      return NONE;
    }
    int[] columns = new int[features.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = columnNames.indexOf(features.get(i).name());
      if (columns[i] < 0) {
        throw new IllegalArgumentException(
            "catalogue has no column "
                + features.get(i).name()
                + ", which a feature of the plan reads; fetch the catalogue of the plan");
      }
    }
    return new CatalogueFeatures(features, columns, schema.catalogueItems(), cells);
  }

  @Override
  public SparseVector of(int item) {
    return item < items ? encoder.encode(i -> value(item, i)) : SparseVector.ZERO;
  }

  private @Nullable Object value(int item, int i) {
    String cell = cells.cell(item, columns[i]);
    if (cell.isEmpty()) {
      return null;
    }
    Feature feature = features.get(i);
    if (feature instanceof Feature.Numeric) {
      return CatalogueCells.number(cell).orElse(null);
    }
    return feature instanceof Feature.DenseVector dense
        ? CatalogueCells.vector(cell, dense.dimension())
            .map(elements -> EventVector.of(feature.name(), elements))
            .orElse(null)
        : cell;
  }
}
