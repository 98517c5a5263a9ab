package io.tacit.client.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** A key store for tests whose keys lie in a directory as they are: fast, and of no protection. */
public final class FileKeys implements KeyStoreProvider {

  private final Path directory;

  /** Keys in a directory, which is made if it is missing. */
  public FileKeys(Path directory) {
    this.directory = directory;
  }

  @Override
  public Set<String> names() throws IOException {
    Files.createDirectories(directory);
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  @Override
  public Optional<SecretKey> find(String name) throws IOException {
    Path file = directory.resolve(name);
    return Files.exists(file)
        ? Optional.of(new SecretKeySpec(Files.readAllBytes(file), "AES"))
        : Optional.empty();
  }

  @Override
  public SecretKey create(String name) throws IOException {
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    Files.createDirectories(directory);
    Files.write(directory.resolve(name), key);
    return new SecretKeySpec(key, "AES");
  }

  @Override
  public void destroy(String name) throws IOException {
    Files.deleteIfExists(directory.resolve(name));
  }
}
