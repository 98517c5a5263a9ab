package io.tacit.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is in the app's jar fits together. */
class ProductsTest {

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = ProductsTest.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  @Test
  void hashes_in_the_source_are_those_of_the_files() throws Exception {
    assertThat(Products.ITEMS_SHA256).isEqualTo(sha256(resource("items.tsv")));
    assertThat(Products.MODEL_SHA256).isEqualTo(sha256(resource("model.bin")));
  }

  @Test
  void the_model_knows_every_product_by_its_title() throws IOException {
    List<String> catalogue =
        new String(resource("shop-catalogue.txt"), StandardCharsets.UTF_8).lines().skip(1).toList();
    assertThat(catalogue)
        .isEqualTo(
            Products.bundled().all().stream()
                .map(product -> product.id() + "\t" + product.title())
                .toList());
  }
}
