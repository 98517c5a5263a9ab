package io.tacit.simulation.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tacit.testing.IdxFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelledImagesTest {

  private static final String IMAGES = "train-images-idx3-ubyte";
  private static final String LABELS = "train-labels-idx1-ubyte";
  private static final int IMAGE_HEADER = 16;
  private static final int LABEL_HEADER = 8;

  @TempDir Path directory;

  @BeforeEach
  void write() throws IOException {
    IdxFiles.write(directory, 40, 20, 1);
  }

  @Test
  void reads_every_image_with_its_label() throws Exception {
    LabelledImages.Sets sets = LabelledImages.read(directory);
    byte[] raw = Files.readAllBytes(directory.resolve(IMAGES));

    assertThat(sets.training().size()).isEqualTo(40);
    assertThat(sets.test().size()).isEqualTo(20);
    assertThat(sets.training().pixels()).isEqualTo(100);
    float[] pixels = new float[102];
    sets.training().copyTo(13, pixels, 1);
    assertThat(sets.training().label(13)).isEqualTo(3);
    assertThat(pixels[0]).isZero();
    assertThat(pixels[101]).isZero();
    for (int i = 0; i < 100; i++) {
      assertThat(pixels[1 + i] * 255).isCloseTo(raw[IMAGE_HEADER + 1300 + i] & 0xff, within(1e-4f));
    }
  }

  @Test
  void reads_the_same_from_gzip() throws Exception {
    LabelledImages.Sets plain = LabelledImages.read(directory);
    for (String set : new String[] {"train", "t10k"}) {
      pack(set + "-images-idx3-ubyte");
      pack(set + "-labels-idx1-ubyte");
    }

    LabelledImages.Sets packed = LabelledImages.read(directory);

    assertThat(packed.training().contentHash()).isEqualTo(plain.training().contentHash());
    assertThat(packed.test().contentHash()).isEqualTo(plain.test().contentHash());
    assertThat(packed.test().contentHash()).isNotEqualTo(plain.training().contentHash());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          0;  1;  magic number 0x01000803, expected 0x00000803, unsigned bytes in 3 dimension(s)
          2; 13;  magic number 0x00000d03, expected 0x00000803, unsigned bytes in 3 dimension(s)
          3;  1;  magic number 0x00000801, expected 0x00000803, unsigned bytes in 3 dimension(s)
          4;127;  dimensions [2130706472], expected each at least 1, together at most 268435456 bytes
          4;128;  dimensions [-2147483608], expected each at least 1, together at most 268435456
          7;  0;  dimensions [0], expected each at least 1
          7; 41;  4000 bytes of content, expected 4100, as its header announces; check that the
          7; 39;  more than the 3900 bytes that its header announces, expected no more
          """)
  void refuses_images_with_a_damaged_header(int offset, int value, String message)
      throws Exception {
    damage(IMAGES, offset, value);

    assertThat(refusal()).contains(message);
  }

  @Test
  void refuses_test_images_of_another_size() throws Exception {
    Path file = directory.resolve("t10k-images-idx3-ubyte");
    byte[] images = Arrays.copyOf(Files.readAllBytes(file), IMAGE_HEADER + 20 * 90);
    images[11] = 9;
    Files.write(file, images);

    assertThat(refusal())
        .contains("t10k-images-idx3-ubyte: has images of 90 pixels, expected 100, as the training");
  }

  @ParameterizedTest
  @CsvSource({"0, an end before its time", "7, an end before its time", "3000, 2984 bytes of"})
  void refuses_a_file_that_was_cut_off(int length, String message) throws Exception {
    Path file = directory.resolve(IMAGES);
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), length));

    assertThat(refusal()).contains(IMAGES, message, "check that the download is complete");
  }

  @Test
  void refuses_a_packed_file_that_was_cut_off_or_is_none() throws Exception {
    pack(IMAGES);
    Path file = directory.resolve(IMAGES + ".gz");
    byte[] whole = Files.readAllBytes(file);

    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    assertThat(refusal()).contains(IMAGES + ".gz", "an end before its time");

    Files.writeString(file, "<html>not found</html>");
    assertThat(refusal()).contains(IMAGES + ".gz", "no intact gzip form");
  }

  @Test
  void refuses_a_label_that_is_no_class() throws Exception {
    damage(LABELS, LABEL_HEADER + 7, 10);
    assertThat(refusal()).contains(LABELS + ": has label 10 of image 7, expected 0 to 9");

    damage(LABELS, LABEL_HEADER + 7, 255);
    assertThat(refusal()).contains("label 255 of image 7");
  }

  @Test
  void refuses_labels_of_other_images() throws Exception {
    Files.copy(
        directory.resolve("t10k-labels-idx1-ubyte"),
        directory.resolve(LABELS),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);

    assertThat(refusal()).contains(LABELS, "20 labels, expected 40, one for each image of");
  }

  @Test
  void says_which_file_is_missing() throws Exception {
    Files.delete(directory.resolve(LABELS));

    assertThat(refusal())
        .contains(LABELS + ": cannot be read: there is no such file, and none with .gz behind");
  }

  private String refusal() {
    DataSetException refused =
        catchThrowableOfType(DataSetException.class, () -> LabelledImages.read(directory));
    return String.valueOf(refused.getMessage());
  }

  private void damage(String name, int offset, int value) throws IOException {
    Path file = directory.resolve(name);
    byte[] bytes = Files.readAllBytes(file);
    bytes[offset] = (byte) value;
    Files.write(file, bytes);
  }

  private void pack(String name) throws IOException {
    Path file = directory.resolve(name);
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(directory.resolve(name + ".gz")))) {
      Files.copy(file, out);
    }
    Files.delete(file);
  }

  private static org.assertj.core.data.Offset<Float> within(float tolerance) {
    return org.assertj.core.data.Offset.offset(tolerance);
  }
}
