package io.tacit.enrolment;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The texts and integers of a JSON object, as the parts of a token are. Other members are known by
 * name only; a text alone in an array counts as the text, as RFC 7519 has it for audiences. No name
 * occurs twice: of two claims of one name, two readers may see different ones.
 */
final class FlatJson {

  private static final int DEPTH_MAX = 4;

  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEPTH_MAX)
                  .maxDocumentLength(BootstrapTokens.LENGTH_MAX)
                  .build())
          .build();

  /** A member that is neither text nor integer. */
  private static final Object OTHER = new Object();

  private final Map<String, Object> members;

  private FlatJson(Map<String, Object> members) {
    this.members = members;
  }

  /** Reads an object in UTF-8; empty if it is anything else, or anything follows it. */
  static Optional<FlatJson> read(byte[] json) {
    try (JsonParser parser = FACTORY.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      Map<String, Object> members = new HashMap<>();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        members.put(name, value(parser));
      }
      return parser.nextToken() == null ? Optional.of(new FlatJson(members)) : Optional.empty();
    } catch (IOException e) {
      // Malformed or over a limit: nothing is read from anywhere but the bytes.
      return Optional.empty();
    }
  }

  private static Object value(JsonParser parser) throws IOException {
    switch (parser.currentToken()) {
      case VALUE_STRING:
        return parser.getText();
      case VALUE_NUMBER_INT:
        return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
            ? OTHER
            : (Object) parser.getLongValue();
      case START_ARRAY:
        Object first = parser.nextToken() == JsonToken.VALUE_STRING ? parser.getText() : OTHER;
        int elements = 0;
        while (parser.currentToken() != JsonToken.END_ARRAY) {
          parser.skipChildren();
          parser.nextToken();
          elements++;
        }
        return elements == 1 ? first : OTHER;
      default:
        parser.skipChildren();
        return OTHER;
    }
  }

  boolean has(String name) {
    return members.containsKey(name);
  }

  Optional<String> text(String name) {
    return members.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  Optional<Long> integer(String name) {
    return members.get(name) instanceof Long number ? Optional.of(number) : Optional.empty();
  }
}
