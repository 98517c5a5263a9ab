package io.tacit.coordinator.models;

/** Content that is larger than its kind may be. Nothing of it was kept. */
public final class ArtifactTooLargeException extends RuntimeException {

  private static final long serialVersionUID = 1;

  ArtifactTooLargeException(long bytesMax) {
    super("content has more than " + bytesMax + " bytes, must be at most that; make it smaller");
  }
}
