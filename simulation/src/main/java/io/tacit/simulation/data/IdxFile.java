package io.tacit.simulation.data;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A file of unsigned bytes in the IDX format of MNIST, read whole: a magic number that names type
 * and number of dimensions, the length of each dimension, and the bytes in row-major order. All
 * numbers are big-endian.
 *
 * <p>Source: "The IDX file format" on the page of the MNIST database, Y. LeCun, C. Cortes and C.
 * Burges, http://yann.lecun.com/exdb/mnist/.
 *
 * @param path where it was read, for messages
 * @param lengths of its dimensions
 * @param content as many bytes as the product of the lengths; owned by this record
 */
record IdxFile(Path path, int[] lengths, byte[] content) {

  /** Fashion-MNIST has 47 MB in its largest file. */
  static final long BYTES_MAX = 256L << 20;

  private static final int UNSIGNED_BYTES = 0x08;
  private static final String GZIP = ".gz";
  private static final String REMEDY = "; check that the download is complete";

  /**
   * Reads a file, or the same with {@code .gz} behind its name.
   *
   * @param dimensions how many it must have
   */
  static IdxFile read(Path path, int dimensions) throws DataSetException {
    Path packed = path.resolveSibling(path.getFileName() + GZIP);
    Path file = !Files.exists(path) && Files.exists(packed) ? packed : path;
    if (!Files.exists(file)) {
      throw new DataSetException.Unreadable(
          file,
          "there is no such file, and none with " + GZIP + " behind its name; check the path");
    }
    try (DataInputStream in = new DataInputStream(open(file))) {
      return read(file, in, dimensions);
    } catch (DataSetException e) {
      throw e;
    } catch (EOFException e) {
      throw new DataSetException.MalformedFile(
          file, "an end before its time", "all bytes that its header announces" + REMEDY);
    } catch (ZipException e) {
      throw new DataSetException.MalformedFile(file, "no intact gzip form", "gzip" + REMEDY);
    } catch (AccessDeniedException e) {
      throw new DataSetException.Unreadable(file, "access is denied; check its permissions");
    } catch (IOException e) {
      throw new DataSetException.Unreadable(file, String.valueOf(e.getMessage()));
    }
  }

  private static InputStream open(Path file) throws IOException {
    InputStream bytes = new BufferedInputStream(Files.newInputStream(file));
    try {
      return file.toString().endsWith(GZIP) ? new GZIPInputStream(bytes) : bytes;
    } catch (IOException e) {
      bytes.close();
      throw e;
    }
  }

  private static IdxFile read(Path file, DataInputStream in, int dimensions) throws IOException {
    int magic = in.readInt();
    int expected = UNSIGNED_BYTES << 8 | dimensions;
    if (magic != expected) {
      throw new DataSetException.MalformedFile(
          file,
          String.format("magic number 0x%08x", magic),
          String.format("0x%08x, unsigned bytes in %d dimension(s)", expected, dimensions)
              + "; check that it is the file of this name");
    }
    int[] lengths = new int[dimensions];
    long bytes = 1;
    for (int i = 0; i < dimensions; i++) {
      lengths[i] = in.readInt();
      // Stops before the product can leave the range of long.
      if (lengths[i] < 1 || (bytes *= lengths[i]) > BYTES_MAX) {
        throw new DataSetException.MalformedFile(
            file,
            "dimensions " + Arrays.toString(Arrays.copyOf(lengths, i + 1)),
            "each at least 1, together at most " + BYTES_MAX + " bytes");
      }
    }
    byte[] content = in.readNBytes((int) bytes);
    if (content.length < bytes) {
      throw new DataSetException.MalformedFile(
          file, content.length + " bytes of content", bytes + ", as its header announces" + REMEDY);
    }
    if (in.read() >= 0) {
      throw new DataSetException.MalformedFile(
          file, "more than the " + bytes + " bytes that its header announces", "no more" + REMEDY);
    }
    return new IdxFile(file, lengths, content);
  }
}
