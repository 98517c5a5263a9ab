package io.tacit.simulation.data;

import io.tacit.protocol.ContentHash;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Grey images of one size, each of one of ten classes. Immutable and thread-safe.
 *
 * <p>Read from the files of MNIST and of everything that took over its form, such as Fashion-MNIST
 * (Xiao, Rasul and Vollgraf 2017).
 */
public final class LabelledImages {

  /** Classes are 0 to one less. */
  public static final int CLASSES = 10;

  /** Pixels of the largest image. */
  public static final int PIXELS_MAX = 4_096;

  private static final float WHITE = 255;

  private final int pixels;
  private final byte[] images;
  private final byte[] labels;

  private LabelledImages(int pixels, byte[] images, byte[] labels) {
    this.pixels = pixels;
    this.images = images;
    this.labels = labels;
  }

  /**
   * Training and test images of a data set.
   *
   * @param training what devices may have
   * @param test of the same size
   */
  public record Sets(LabelledImages training, LabelledImages test) {}

  /**
   * Reads {@code train-images-idx3-ubyte}, {@code train-labels-idx1-ubyte}, {@code
   * t10k-images-idx3-ubyte} and {@code t10k-labels-idx1-ubyte}, or the same with {@code .gz} behind
   * their names.
   *
   * @throws DataSetException if a file is missing, damaged, or does not fit the others; says which
   */
  public static Sets read(Path directory) throws DataSetException {
    Sets sets = new Sets(read(directory, "train"), read(directory, "t10k"));
    if (sets.training().pixels != sets.test().pixels) {
      throw new DataSetException.MalformedFile(
          directory.resolve("t10k-images-idx3-ubyte"),
          "images of " + sets.test().pixels + " pixels",
          sets.training().pixels + ", as the training images have");
    }
    return sets;
  }

  private static LabelledImages read(Path directory, String set) throws DataSetException {
    IdxFile images = IdxFile.read(directory.resolve(set + "-images-idx3-ubyte"), 3);
    IdxFile labels = IdxFile.read(directory.resolve(set + "-labels-idx1-ubyte"), 1);
    long pixels = (long) images.lengths()[1] * images.lengths()[2];
    if (pixels > PIXELS_MAX) {
      throw new DataSetException.MalformedFile(
          images.path(), "images of " + pixels + " pixels", "at most " + PIXELS_MAX);
    }
    if (labels.lengths()[0] != images.lengths()[0]) {
      throw new DataSetException.MalformedFile(
          labels.path(),
          labels.lengths()[0] + " labels",
          images.lengths()[0] + ", one for each image of " + images.path().getFileName());
    }
    for (int i = 0; i < labels.content().length; i++) {
      int label = labels.content()[i] & 0xff;
      if (label >= CLASSES) {
        throw new DataSetException.MalformedFile(
            labels.path(), "label " + label + " of image " + i, "0 to " + (CLASSES - 1));
      }
    }
    return new LabelledImages((int) pixels, images.content(), labels.content());
  }

  /** How many there are. */
  public int size() {
    return labels.length;
  }

  /** Pixels of each. */
  public int pixels() {
    return pixels;
  }

  /**
   * The class of an image.
   *
   * @return 0 to {@link #CLASSES} - 1
   */
  public int label(int image) {
    return labels[image];
  }

  /**
   * Writes the pixels of an image, 0 for black to 1 for white, row by row.
   *
   * @param target {@code float[]} with room for {@link #pixels()} from {@code from} on
   */
  public void copyTo(int image, float[] target, int from) {
    int first = image * pixels;
    for (int i = 0; i < pixels; i++) {
      target[from + i] = (images[first + i] & 0xff) / WHITE;
    }
  }

  /** Tells these images and labels from all others. */
  public ContentHash contentHash() {
    byte[] both = Arrays.copyOf(images, images.length + labels.length);
    System.arraycopy(labels, 0, both, images.length, labels.length);
    return ContentHash.of(both);
  }

  @Override
  public String toString() {
    return "LabelledImages[" + size() + " of " + pixels + " pixels]";
  }
}
