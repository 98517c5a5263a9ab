package io.tacit.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * Small sets of images in the files of MNIST. An image is the pattern of its class, ten blocks of
 * pixels of which one is bright, under noise: easy to learn, and not to be had by chance.
 */
public final class IdxFiles {

  /** Rows and columns of an image. */
  public static final int SIDE = 10;

  private static final int CLASSES = 10;
  private static final int BRIGHT = 150;
  private static final int NOISE = 100;

  private IdxFiles() {}

  /**
   * Writes a set whose labels can be learnt; each class has as many images as the others.
   *
   * @param directory gets the four files
   * @param training images, a multiple of 10
   * @param test images, a multiple of 10
   */
  public static void write(Path directory, int training, int test, long seed) throws IOException {
    Random random = new Random(seed);
    write(directory, "train", training, random, false);
    write(directory, "t10k", test, random, false);
  }

  /** The same with training labels that say nothing of the images. */
  public static void writeWithLabelsOfChance(Path directory, int training, int test, long seed)
      throws IOException {
    Random random = new Random(seed);
    write(directory, "train", training, random, true);
    write(directory, "t10k", test, random, false);
  }

  private static void write(Path directory, String set, int count, Random random, boolean chance)
      throws IOException {
    ByteArrayOutputStream images = new ByteArrayOutputStream();
    ByteArrayOutputStream labels = new ByteArrayOutputStream();
    DataOutputStream imageHeader = new DataOutputStream(images);
    DataOutputStream labelHeader = new DataOutputStream(labels);
    imageHeader.writeInt(0x803);
    imageHeader.writeInt(count);
    imageHeader.writeInt(SIDE);
    imageHeader.writeInt(SIDE);
    labelHeader.writeInt(0x801);
    labelHeader.writeInt(count);
    for (int i = 0; i < count; i++) {
      int shown = i % CLASSES;
      for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
        imageHeader.writeByte(random.nextInt(NOISE) + (pixel / SIDE == shown ? BRIGHT : 0));
      }
      labelHeader.writeByte(chance ? random.nextInt(CLASSES) : shown);
    }
    Files.write(directory.resolve(set + "-images-idx3-ubyte"), images.toByteArray());
    Files.write(directory.resolve(set + "-labels-idx1-ubyte"), labels.toByteArray());
  }
}
