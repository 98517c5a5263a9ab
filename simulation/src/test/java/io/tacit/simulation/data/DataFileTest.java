package io.tacit.simulation.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFileTest {

  @TempDir Path directory;

  @Test
  void reads_lines_as_iso_8859_1_whatever_ends_them() throws Exception {
    Path file = directory.resolve("data");
    Files.write(file, "Am\u00e9lie\r\nsecond\n".getBytes(StandardCharsets.ISO_8859_1));

    assertThat(DataFile.read(file).lines()).containsExactly("Am\u00e9lie", "second");
  }

  @Test
  void computes_the_md5_of_the_bytes() throws Exception {
    Path file = Files.writeString(directory.resolve("data"), "abc"); // RFC 1321, appendix A.5

    assertThat(DataFile.read(file).md5()).isEqualTo("900150983cd24fb0d6963f7d28e17f72");
  }

  @Test
  void refuses_an_absent_file() {
    Path file = directory.resolve("absent");

    assertThatExceptionOfType(DataSetException.Unreadable.class)
        .isThrownBy(() -> DataFile.read(file))
        .withMessage(file + ": cannot be read: there is no such file; check the path");
  }

  @Test
  void refuses_a_directory() {
    assertThatExceptionOfType(DataSetException.Unreadable.class)
        .isThrownBy(() -> DataFile.read(directory))
        .withMessage(directory + ": cannot be read: it is a directory; give the file");
  }

  @Test
  void refuses_an_empty_file() throws Exception {
    Path file = Files.createFile(directory.resolve("empty"));

    assertThatExceptionOfType(DataSetException.Empty.class)
        .isThrownBy(() -> DataFile.read(file))
        .withMessage(file + ": has no bytes; check that the download is complete");
  }

  @Test
  void refuses_an_oversized_file_without_reading_it() throws Exception {
    Path file = directory.resolve("large");
    try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
      large.setLength(DataFile.BYTES_MAX + 1);
    }

    assertThatExceptionOfType(DataSetException.TooLarge.class)
        .isThrownBy(() -> DataFile.read(file))
        .withMessage(
            file + ": has 67108865 bytes, at most 67108864 are read; check that it is the data");
  }
}
