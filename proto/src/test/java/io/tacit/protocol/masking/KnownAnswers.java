package io.tacit.protocol.masking;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Suite;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/** {@code vectors/sa1-known-answers.txt}, by suite and name. */
record KnownAnswers(Suite suite, Map<String, String> values) {

  static KnownAnswers of(Suite suite) {
    Map<String, String> values = new HashMap<>();
    int section = 0;
    try (InputStream in =
        KnownAnswers.class.getResourceAsStream("/vectors/sa1-known-answers.txt")) {
      for (String line : new String(in.readAllBytes(), UTF_8).split("\n")) {
        if (line.startsWith("## suite ")) {
          section = Integer.parseInt(line.substring(9));
        } else if (section == suite.number() && line.contains(" = ")) {
          values.put(line.split(" = ")[0], line.split(" = ")[1].trim());
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return new KnownAnswers(suite, values);
  }

  String text(String name) {
    if (!values.containsKey(name)) {
      throw new AssertionError("no known answer " + name + " for " + suite);
    }
    return values.get(name);
  }

  byte[] bytes(String name) {
    return HexFormat.of().parseHex(text(name));
  }

  /** The SHA-256 of a text, as the inputs are. */
  static byte[] sha(String text) {
    return ContentHash.of(text.getBytes(StandardCharsets.US_ASCII)).toBytes();
  }
}
