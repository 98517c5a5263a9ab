package io.tacit.e2e.bench;

/**
 * Uploads to measure.
 *
 * @param size of the model
 * @param inFlight uploads under way at a time
 * @param count uploads in a repetition
 */
record UploadCase(ModelSize size, int inFlight, int count) {

  /** From {@code PARAMETERS:IN_FLIGHT:COUNT}. */
  static UploadCase parse(String text) {
    String[] parts = text.split(":");
    if (parts.length != 3) {
      throw new IllegalArgumentException(
          "argument is \"" + text + "\", must be PARAMETERS:IN_FLIGHT:COUNT");
    }
    return new UploadCase(
        ModelSize.of(Integer.parseInt(parts[0])),
        Integer.parseInt(parts[1]),
        Integer.parseInt(parts[2]));
  }
}
