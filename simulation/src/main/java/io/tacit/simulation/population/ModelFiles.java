package io.tacit.simulation.population;

import io.tacit.protocol.ContentHash;

/**
 * What a device installs to recommend with.
 *
 * @param plan bytes of the plan; owned by this record, like the others
 * @param catalogue bytes of the catalogue
 * @param model bytes of the model file
 * @param modelHash SHA-256 of the model file, as announced
 */
public record ModelFiles(byte[] plan, byte[] catalogue, byte[] model, ContentHash modelHash) {

  @Override
  public String toString() {
    return "ModelFiles[" + modelHash + "]";
  }
}
