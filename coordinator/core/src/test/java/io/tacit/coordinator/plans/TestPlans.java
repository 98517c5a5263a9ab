package io.tacit.coordinator.plans;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.plan.Catalogue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Plan files and catalogues for tests. */
public final class TestPlans {

  /** A small plan without items. */
  public static final String TABULAR =
      """
      id: small
      version: 1
      population: test
      model: {kind: tabular, layers: [{units: 3, activation: relu}, {units: 1, activation: sigmoid}]}
      features: {label: bought, list: [{name: age, numeric: {mean: 40, standard-deviation: 12}}]}
      aggregation: {mode: plain, development: true}
      """;

  /** Knows no catalogue. */
  public static final CatalogueLookup NO_CATALOGUES = known();

  private TestPlans() {}

  /** A plan over the items of a catalogue. */
  public static String twoTower(Catalogue catalogue) {
    return """
    id: shop
    version: 1
    population: test
    model: {kind: two-tower, dimension: 4}
    features: {catalogue: %s, unknown-item-buckets: 2}
    aggregation: {mode: plain, development: true}
    """
        .formatted(catalogue.contentHash().toHex());
  }

  /** A catalogue of items named 0, 1, 2, ... */
  public static Catalogue catalogue(int size) {
    List<Catalogue.Item> items = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      items.add(new Catalogue.Item(String.valueOf(i), "Item " + i));
    }
    return Catalogue.of(items);
  }

  /** Knows these catalogues by their hash, and none by file. */
  public static CatalogueLookup known(Catalogue... catalogues) {
    return new CatalogueLookup() {
      @Override
      public Optional<Catalogue> find(ContentHash hash) {
        return List.of(catalogues).stream()
            .filter(catalogue -> catalogue.contentHash().equals(hash))
            .findFirst();
      }

      @Override
      public Optional<Catalogue> file(String path) {
        return Optional.empty();
      }
    };
  }
}
