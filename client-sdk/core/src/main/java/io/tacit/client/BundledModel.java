package io.tacit.client;

import io.tacit.protocol.ContentHash;
import org.jspecify.annotations.Nullable;

/**
 * A model that an app brings along, so that it recommends or predicts before it has met a
 * coordinator. Keeps the arrays it is given: they must not change any more.
 */
public final class BundledModel {

  private final byte[] plan;
  private final byte @Nullable [] catalogue;
  private final byte[] model;
  private final ContentHash hash;

  private BundledModel(byte[] plan, byte @Nullable [] catalogue, byte[] model, ContentHash hash) {
    this.plan = plan;
    this.catalogue = catalogue;
    this.model = model;
    this.hash = hash;
  }

  /**
   * A model over items with all that belongs to it, as {@code tacit model bundle} writes it.
   *
   * @param plan bytes of the plan that trained it
   * @param catalogue bytes of the plan's catalogue
   * @param model bytes of the model file
   * @param sha256 of the model file, 64 hex digits: the app names the model that it was tested with
   */
  public static BundledModel of(byte[] plan, byte[] catalogue, byte[] model, String sha256) {
    return new BundledModel(plan, catalogue, model, ContentHash.fromHex(sha256));
  }

  /**
   * A model over attributes with its plan, as {@code tacit model bundle} writes them.
   *
   * @param plan bytes of the plan that trained it
   * @param model bytes of the model file
   * @param sha256 of the model file, 64 hex digits
   */
  public static BundledModel of(byte[] plan, byte[] model, String sha256) {
    return new BundledModel(plan, null, model, ContentHash.fromHex(sha256));
  }

  byte[] plan() {
    return plan;
  }

  byte @Nullable [] catalogue() {
    return catalogue;
  }

  byte[] model() {
    return model;
  }

  ContentHash hash() {
    return hash;
  }

  @Override
  public String toString() {
    return "BundledModel[" + hash + "]";
  }
}
