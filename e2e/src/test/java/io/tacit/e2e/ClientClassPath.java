package io.tacit.e2e;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What an app has on its class path that depends on {@code tacit-client} alone.
 *
 * @param own directories with the classes of {@code tacit-client} and {@code tacit-proto}
 * @param libraries jars of others
 */
public record ClientClassPath(List<Path> own, List<Path> libraries) {

  /**
   * As the build of {@code tacit-client} resolved it.
   *
   * @param root of the tree
   */
  public static ClientClassPath resolve(Path root) throws IOException {
    List<Path> own =
        List.of(
            root.resolve("client-sdk/core/target/classes"), root.resolve("proto/target/classes"));
    List<Path> libraries = new ArrayList<>();
    Path list = root.resolve("client-sdk/core/target/runtime-class-path.txt");
    for (String entry : Files.readString(list).trim().split(File.pathSeparator)) {
      Path path = Path.of(entry);
      // The build of the moment gives the protocol as a directory or as a jar.
      if (!path.startsWith(root.resolve("proto/target"))) {
        libraries.add(path);
      }
    }
    return new ClientClassPath(own, List.copyOf(libraries));
  }

  /** Both, in this order. */
  public List<Path> all() {
    List<Path> all = new ArrayList<>(own);
    all.addAll(libraries);
    return all;
  }
}
