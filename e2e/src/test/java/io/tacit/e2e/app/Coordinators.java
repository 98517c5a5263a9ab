package io.tacit.e2e.app;

import io.tacit.client.CoordinatorAddress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** How the apps of the tests write a coordinator of this machine: {@code PORT:AUTHORITY_FILE}. */
public final class Coordinators {

  private Coordinators() {}

  /** The word for a coordinator. */
  public static String word(int port, Path authority) {
    return port + ":" + authority;
  }

  /** The coordinator of a word. */
  public static CoordinatorAddress of(String word) throws IOException {
    int colon = word.indexOf(':');
    try (InputStream authority = Files.newInputStream(Path.of(word.substring(colon + 1)))) {
      return CoordinatorAddress.tls("localhost", Integer.parseInt(word.substring(0, colon)))
          .trustingOnly(authority);
    }
  }
}
