package io.tacit.simulation.fedavg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.simulation.data.LabelledImages;
import io.tacit.testing.IdxFiles;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PartitionTest {

  private static final int IMAGES = 600;

  @TempDir Path directory;
  private LabelledImages images;

  @BeforeEach
  void read() throws Exception {
    IdxFiles.write(directory, IMAGES, 10, 1);
    images = LabelledImages.read(directory).training();
  }

  @ParameterizedTest
  @EnumSource(Partition.class)
  void every_image_goes_to_one_device(Partition partition) {
    // 7 does not divide 600, and neither do 14 shards.
    for (int devices : new int[] {2, 7, 10, 300}) {
      int[][] dealt = partition.deal(images, devices, 5);

      assertThat(dealt).hasNumberOfRows(devices);
      assertThat(Arrays.stream(dealt).flatMapToInt(IntStream::of).sorted().toArray())
          .as("%d devices", devices)
          .isEqualTo(IntStream.range(0, IMAGES).toArray());
      assertThat(Arrays.stream(dealt).mapToInt(own -> own.length).summaryStatistics())
          .satisfies(sizes -> assertThat(sizes.getMax() - sizes.getMin()).isLessThanOrEqualTo(2));
    }
  }

  @Test
  void devices_of_two_shards_know_two_classes_and_others_know_all() {
    for (int[] own : Partition.TWO_SHARDS.deal(images, 10, 5)) {
      assertThat(classes(own)).isBetween(1L, 2L);
    }
    for (int[] own : Partition.IID.deal(images, 10, 5)) {
      assertThat(classes(own)).isGreaterThan(7);
    }
  }

  @ParameterizedTest
  @EnumSource(Partition.class)
  void the_seed_decides(Partition partition) {
    assertThat(partition.deal(images, 10, 5)).isDeepEqualTo(partition.deal(images, 10, 5));
    assertThat(partition.deal(images, 10, 5)[0]).isNotEqualTo(partition.deal(images, 10, 6)[0]);
  }

  @Test
  void more_devices_than_there_are_pairs_of_images_are_refused() {
    assertThatThrownBy(() -> Partition.IID.deal(images, 301, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("--clients is 301, must be at most half of the 600 training images; lower it");
  }

  private long classes(int[] own) {
    return Arrays.stream(own).map(images::label).distinct().count();
  }
}
