package io.tacit.client.behaviour;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/** Opens the files of segments; tests put a failing disk here. */
@FunctionalInterface
interface FileLayer {

  /** Opens a file as {@link FileChannel#open(Path, OpenOption...)} does. */
  FileChannel open(Path file, OpenOption... options) throws IOException;
}
