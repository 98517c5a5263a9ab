package io.tacit.simulation.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * A text file of a data set, read whole.
 *
 * @param path where it was read, for messages
 * @param lines without line ends
 * @param md5 of its bytes, lower-case hexadecimal
 */
record DataFile(Path path, List<String> lines, String md5) {

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  static final long BYTES_MAX = 64L << 20;

  /** Reads ISO-8859-1: both published sets use it, and no byte sequence is invalid in it. */
  static DataFile read(Path path) throws DataSetException {
    return read(path, StandardCharsets.ISO_8859_1);
  }

  /** Reads UTF-8, with or without a byte order mark. */
  static DataFile readUtf8(Path path) throws DataSetException {
    return read(path, StandardCharsets.UTF_8);
  }

  private static DataFile read(Path path, Charset charset) throws DataSetException {
    if (Files.isDirectory(path)) {
      throw new DataSetException.Unreadable(path, "it is a directory; give the file");
    }
    try {
      long bytes = Files.size(path);
      if (bytes == 0) {
        throw new DataSetException.Empty(path, "no bytes");
      }
      if (bytes > BYTES_MAX) {
        throw new DataSetException.TooLarge(path, bytes, BYTES_MAX);
      }
      byte[] content = Files.readAllBytes(path);
      String text = charset.newDecoder().decode(ByteBuffer.wrap(content)).toString();
      text = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
      return new DataFile(path, text.lines().toList(), md5(content));
    } catch (DataSetException e) {
      throw e;
    } catch (CharacterCodingException e) {
      throw new DataSetException.Unreadable(
          path, "it is not " + charset + "; convert it, or give the text file and not an archive");
    } catch (NoSuchFileException e) {
      throw new DataSetException.Unreadable(path, "there is no such file; check the path");
    } catch (AccessDeniedException e) {
      throw new DataSetException.Unreadable(path, "access is denied; check its permissions");
    } catch (IOException e) {
      throw new DataSetException.Unreadable(path, String.valueOf(e.getMessage()));
    }
  }

  /**
   * The fault of one line.
   *
   * @param index of the line, from 0
   */
  DataSetException malformed(int index, String expected) {
    return new DataSetException.MalformedLine(path, index + 1, lines.get(index), expected);
  }

  private static String md5(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has MD5", e);
    }
  }
}
