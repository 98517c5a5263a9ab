package io.tacit.shop;

import io.tacit.client.BundledModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the shop sells, from its item file, and the model that comes with the app. An app in
 * people's hands would fetch the item file from its own server; this one has all in its jar.
 */
final class Products {

  /** SHA-256 of items.tsv. Whoever changes the file changes this too; a test says so. */
  static final String ITEMS_SHA256 =
      "07a62ad8c82dbd9a59298e6b018e6d7cf8eb041d52a8952a1ec8338d173d8de6";

  /** SHA-256 of model.bin: the model that the app was tested with. */
  static final String MODEL_SHA256 =
      "d139040f28abbf179af72aaa48073c51a160b02ab852135c90595b57008fe8b5";

  private final byte[] itemFile;
  private final Map<String, Product> byId = new LinkedHashMap<>();

  private Products(byte[] itemFile) {
    this.itemFile = itemFile;
    String[] lines = new String(itemFile, StandardCharsets.UTF_8).split("\n", -1);
    // Two lines of heading; the last is empty.
    for (int i = 2; i < lines.length - 1; i++) {
      String[] columns = lines[i].split("\t", -1);
      byId.put(
          columns[0], new Product(columns[0], columns[1], columns[2].equals("yes"), columns[3]));
    }
  }

  /** Those of the app's jar. */
  static Products bundled() throws IOException {
    return new Products(resource("items.tsv"));
  }

  // tag::bundle[]
  /** The model that the app brings, so that it recommends before it has met a coordinator. */
  static BundledModel bundledModel() throws IOException {
    return BundledModel.of(
        resource("plan.bin"), resource("shop-catalogue.txt"), resource("model.bin"), MODEL_SHA256);
  }

  // end::bundle[]

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = Products.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("the app was packaged without " + name + "; build it again");
      }
      return in.readAllBytes();
    }
  }

  /** The bytes that tell the client of titles, availability and categories. */
  byte[] itemFile() {
    return itemFile.clone();
  }

  /** All, in the order of the file. */
  List<Product> all() {
    return List.copyOf(byId.values());
  }

  /** Those of a category; none if there is no such category. */
  List<Product> in(String category) {
    return byId.values().stream().filter(product -> product.category().equals(category)).toList();
  }

  /** All categories, in the order of the file. */
  List<String> categories() {
    List<String> categories = new ArrayList<>();
    for (Product product : byId.values()) {
      if (!categories.contains(product.category())) {
        categories.add(product.category());
      }
    }
    return categories;
  }

  Optional<Product> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }
}
