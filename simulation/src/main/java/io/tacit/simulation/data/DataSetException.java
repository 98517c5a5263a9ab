package io.tacit.simulation.data;

import java.io.IOException;
import java.nio.file.Path;

/** A data file cannot be used; the message says which, where, why, and what to do. */
public abstract sealed class DataSetException extends IOException {

  private static final int SHOWN_CHARACTERS_MAX = 80;

  private final transient Path file;
  private final int line;

  private DataSetException(Path file, int line, String message) {
    super((line == 0 ? file + ": " : file + ", line " + line + ": ") + message);
    this.file = file;
    this.line = line;
  }

  /** The file at fault. */
  public Path file() {
    return file;
  }

  /** The line at fault, from 1; 0 if the fault is the whole file. */
  public int line() {
    return line;
  }

  private static String shown(String text) {
    return text.length() <= SHOWN_CHARACTERS_MAX
        ? '"' + text + '"'
        : '"' + text.substring(0, SHOWN_CHARACTERS_MAX) + "...\"";
  }

  /** The file is absent, not a file, not permitted, or failed while it was read. */
  public static final class Unreadable extends DataSetException {
    Unreadable(Path file, String reason) {
      super(file, 0, "cannot be read: " + reason);
    }
  }

  /** The file has no bytes, or none of the entries that make a data set. */
  public static final class Empty extends DataSetException {
    Empty(Path file, String missing) {
      super(file, 0, "has " + missing + "; check that the download is complete");
    }
  }

  /** The file is longer than any data set this program is meant for. */
  public static final class TooLarge extends DataSetException {
    TooLarge(Path file, long bytes, long bytesMax) {
      super(
          file,
          0,
          "has " + bytes + " bytes, at most " + bytesMax + " are read; check that it is the data");
    }
  }

  /** The file is not the published one. */
  public static final class WrongChecksum extends DataSetException {
    WrongChecksum(Path file, String found, String expected, String remedy) {
      super(file, 0, "has md5 " + found + ", expected " + expected + "; " + remedy);
    }
  }

  /** A line does not have the form it must have. */
  public static final class MalformedLine extends DataSetException {
    MalformedLine(Path file, int line, String found, String expected) {
      super(file, line, "found " + shown(found) + ", expected " + expected);
    }
  }

  /** The file, which has no lines, does not have the form it must have. */
  public static final class MalformedFile extends DataSetException {
    MalformedFile(Path file, String found, String expected) {
      super(file, 0, "has " + found + ", expected " + expected);
    }
  }

  /** A line names an item that the catalogue does not have. */
  public static final class UnknownItem extends DataSetException {
    UnknownItem(Path file, int line, String item, int itemCount) {
      super(
          file,
          line,
          "item " + shown(item) + " is none of the " + itemCount + " items of the catalogue");
    }
  }
}
