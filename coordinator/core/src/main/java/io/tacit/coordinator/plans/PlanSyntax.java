package io.tacit.coordinator.plans;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.tacit.protocol.WireLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads YAML or JSON text into a tree that remembers lines and columns. Of YAML it takes what a
 * plan needs: no anchors and aliases, one document, each key once, at most 16 levels.
 */
final class PlanSyntax {

  private static final int DEPTH_MAX = 16;

  private static final JsonFactory JSON = new JsonFactory();
  private static final YAMLFactory YAML = new YAMLFactory();

  private final JsonParser parser;

  private PlanSyntax(JsonParser parser) {
    this.parser = parser;
  }

  /** Reads a text whose root is a mapping; one that begins with a brace is JSON. */
  static PlanNode.Mapping parse(String text) {
    if (text.length() > WireLimits.PLAN_BYTES_MAX) {
      throw PlanFileException.syntax(
          new Place(1, 1),
          "plan file has "
              + text.length()
              + " characters, must be at most "
              + WireLimits.PLAN_BYTES_MAX
              + "; upload lists of items as a catalogue");
    }
    JsonFactory format = text.stripLeading().startsWith("{") ? JSON : YAML;
    try (JsonParser parser = format.createParser(text)) {
      return new PlanSyntax(parser).root();
    } catch (JsonEOFException e) {
      throw endsTooEarly(placeOf(e.getLocation()));
    } catch (JsonProcessingException e) {
      throw PlanFileException.syntax(
          placeOf(e.getLocation()),
          "not "
              + (format == JSON ? "JSON" : "YAML")
              + ": "
              + e.getOriginalMessage().replaceAll("\\s*\\R\\s*", " ")
              + "; mend the text there");
    } catch (IOException e) {
      throw new UncheckedIOException("a string can always be read", e);
    }
  }

  /**
   * Where a field stands, or else the nearest thing around it that is in the file.
   *
   * @param field path such as {@code cohort.minimum}, {@code model.layers[1]} or, by the name of a
   *     feature, {@code features.age.mean}
   */
  static Place locate(PlanNode.Mapping root, String field) {
    Place place = root.place();
    PlanNode node = root;
    for (String step : field.replace("[", ".[").split("\\.")) {
      if (node instanceof PlanNode.Mapping mapping && mapping.entries().containsKey(step)) {
        place = mapping.keyPlaces().getOrDefault(step, place);
        node = mapping.entries().get(step);
      } else if (node instanceof PlanNode.Sequence list && step.startsWith("[")) {
        node = list.items().get(Integer.parseInt(step.substring(1, step.length() - 1)));
        place = node.place();
      } else {
        node = named(node, step);
        if (node == null) {
          return place;
        }
        place = node.place();
      }
    }
    return place;
  }

  /** The feature of a name, in a list of features or in any of the lists of a mapping. */
  private static @Nullable PlanNode named(PlanNode node, String feature) {
    if (node instanceof PlanNode.Sequence list) {
      return list.items().stream()
          .filter(
              item ->
                  item instanceof PlanNode.Mapping element
                      && element.entries().get("name") instanceof PlanNode.Scalar name
                      && name.text().equals(feature))
          .findFirst()
          .orElse(null);
    }
    if (node instanceof PlanNode.Mapping mapping) {
      for (String key : FeatureReader.LISTS) {
        @Nullable PlanNode list = mapping.entries().get(key);
        @Nullable PlanNode found = list == null ? null : named(list, feature);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private PlanNode.Mapping root() throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw PlanFileException.syntax(
          new Place(1, 1), "a plan file is a mapping; begin with \"id: \" and the plan's name");
    }
    PlanNode.Mapping root = mapping(1);
    if (parser.nextToken() != null) {
      throw PlanFileException.syntax(here(), "something follows the plan; one file is one plan");
    }
    return root;
  }

  private PlanNode value(int depth) throws IOException {
    if (depth > DEPTH_MAX) {
      throw PlanFileException.syntax(here(), "nested more than " + DEPTH_MAX + " levels deep");
    }
    if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
      throw PlanFileException.syntax(
          here(), "*" + parser.getText() + " is an alias; write the value out");
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> mapping(depth);
      case START_ARRAY -> sequence(depth);
      case VALUE_NULL -> new PlanNode.Empty(here());
      default -> new PlanNode.Scalar(parser.getText(), here());
    };
  }

  private PlanNode.Mapping mapping(int depth) throws IOException {
    Place place = here();
    Map<String, PlanNode> entries = new LinkedHashMap<>();
    Map<String, Place> keyPlaces = new LinkedHashMap<>();
    while (next() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      Place keyPlace = here();
      Place earlier = keyPlaces.put(key, keyPlace);
      if (earlier != null) {
        throw PlanFileException.syntax(
            keyPlace, key + " stands in line " + earlier.line() + " already; remove one");
      }
      next();
      entries.put(key, value(depth + 1));
    }
    return new PlanNode.Mapping(entries, keyPlaces, place);
  }

  private PlanNode.Sequence sequence(int depth) throws IOException {
    Place place = here();
    List<PlanNode> items = new ArrayList<>();
    while (next() != JsonToken.END_ARRAY) {
      items.add(value(depth + 1));
    }
    return new PlanNode.Sequence(items, place);
  }

  private JsonToken next() throws IOException {
    JsonToken token = parser.nextToken();
    if (token == null) {
      throw endsTooEarly(here());
    }
    return token;
  }

  private static PlanFileException endsTooEarly(Place place) {
    return PlanFileException.syntax(place, "the text ends too early; is it complete?");
  }

  private Place here() {
    return placeOf(parser.currentTokenLocation());
  }

  private static Place placeOf(JsonLocation location) {
    return new Place(Math.max(1, location.getLineNr()), Math.max(1, location.getColumnNr()));
  }
}
