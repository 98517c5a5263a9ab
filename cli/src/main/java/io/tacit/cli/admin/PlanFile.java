package io.tacit.cli.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.tacit.protocol.WireLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The text of a plan file. Only the catalogue's place in it is known here; what the plan means and
 * whether it is valid is the coordinator's to say. The reference to a catalogue file is therefore
 * replaced within the text: line and column of every error stay true. Immutable.
 */
final class PlanFile {

  private static final JsonPointer CATALOGUE = JsonPointer.compile("/features/catalogue");
  private static final JsonPointer CATALOGUE_FILE = JsonPointer.compile("/features/catalogue/file");

  private final Path file;
  private final String text;
  private final @Nullable Reference catalogue;

  /** The map that names a catalogue file: characters {@code start} to {@code end} of the text. */
  private record Reference(String path, int start, int end) {}

  private PlanFile(Path file, String text, @Nullable Reference catalogue) {
    this.file = file;
    this.text = text;
    this.catalogue = catalogue;
  }

  /**
   * Reads the file.
   *
   * @throws IOException with a sentence for people, also if a catalogue file that it names is not
   *     readable
   */
  static PlanFile read(Path file) throws IOException {
    checkReadable("Plan file", file, WireLimits.PLAN_BYTES_MAX);
    String text = Files.readString(file, UTF_8);
    PlanFile plan = new PlanFile(file, text, findCatalogue(file, text));
    Optional<Path> catalogue = plan.catalogueFile();
    if (catalogue.isPresent()) {
      checkReadable("Catalogue file", catalogue.get(), WireLimits.CATALOGUE_BYTES_MAX);
    }
    return plan;
  }

  /** The catalogue file that the plan names, relative paths as seen from the plan file. */
  Optional<Path> catalogueFile() {
    return Optional.ofNullable(catalogue)
        .map(reference -> file.toAbsolutePath().resolveSibling(reference.path()).normalize());
  }

  /** The same plan with the hash of the uploaded catalogue instead of the file's name. */
  PlanFile withCatalogue(String hash) {
    if (catalogue == null) {
      throw new IllegalStateException("plan names no catalogue file");
    }
    return new PlanFile(
        file,
        // Quoted, as YAML would take a hash of digits alone for a number.
        text.substring(0, catalogue.start()) + '"' + hash + '"' + text.substring(catalogue.end()),
        null);
  }

  /** The plan file's bytes. */
  byte[] bytes() {
    return text.getBytes(UTF_8);
  }

  String mediaType() {
    return isJson(file) ? "application/json" : "application/yaml";
  }

  private static boolean isJson(Path file) {
    return file.getFileName().toString().endsWith(".json");
  }

  private static @Nullable Reference findCatalogue(Path file, String text) throws IOException {
    boolean json = isJson(file);
    JsonFactory format = json ? new JsonFactory() : new YAMLFactory();
    try (JsonParser parser = format.createParser(text)) {
      int start = -1;
      String path = null;
      int end = -1;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        JsonPointer at = parser.getParsingContext().pathAsPointer();
        if (token == JsonToken.START_OBJECT && at.equals(CATALOGUE)) {
          start = charIndex(text, parser.currentTokenLocation().getCharOffset(), json);
        } else if (token == JsonToken.VALUE_STRING && at.equals(CATALOGUE_FILE)) {
          path = parser.getText();
          end = charIndex(text, parser.currentLocation().getCharOffset(), json);
        } else if (token == JsonToken.END_OBJECT && at.equals(CATALOGUE) && path != null) {
          // In braces the brace ends it; a block ends with its last value.
          boolean braces = text.charAt(start) == '{';
          return new Reference(
              path,
              start,
              braces ? charIndex(text, parser.currentLocation().getCharOffset(), json) : end);
        }
      }
      return null;
    } catch (JsonProcessingException e) {
      // Not parseable. The coordinator says so with line and column, in one wording for all
      // clients.
      return null;
    }
  }

  /** The YAML parser counts code points, the JSON parser chars. */
  private static int charIndex(String text, long offset, boolean json) {
    return json ? (int) offset : text.offsetByCodePoints(0, (int) offset);
  }

  private static void checkReadable(String what, Path file, long bytesMax) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException(what + " " + file + " does not exist or is no file; check the path.");
    }
    if (!Files.isReadable(file)) {
      throw new IOException(what + " " + file + " is not readable; check its permissions.");
    }
    long bytes = Files.size(file);
    if (bytes > bytesMax) {
      throw new IOException(
          "%s %s has %d bytes, must have at most %d; is it the right file?"
              .formatted(what, file, bytes, bytesMax));
    }
  }
}
