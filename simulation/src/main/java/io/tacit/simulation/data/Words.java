package io.tacit.simulation.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The vocabulary of one scenario, from the resource {@code NAME.words}.
 *
 * @param modifiers go with a noun to make a title
 * @param topics what a scenario's items are about
 */
record Words(List<String> modifiers, List<Topic> topics) {

  /** How many clusters a topic has; each has a maker of its own where the scenario knows makers. */
  static final int CLUSTERS_PER_TOPIC = 3;

  private static final Pattern COLUMN = Pattern.compile("\\s*\\|\\s*");
  private static final Pattern COMMA = Pattern.compile(",\\s*");

  /**
   * What an item is about.
   *
   * @param makers brands or authors, one per cluster; empty if the scenario has none
   */
  record Topic(String name, List<String> makers, List<String> nouns) {

    Topic {
      if (!makers.isEmpty() && makers.size() != CLUSTERS_PER_TOPIC) {
        throw new IllegalArgumentException(
            "topic %s has %d makers, must be 0 or %d"
                .formatted(name, makers.size(), CLUSTERS_PER_TOPIC));
      }
    }

    /** The maker of a cluster, or empty text. */
    String maker(int cluster) {
      return makers.isEmpty() ? "" : makers.get(cluster);
    }
  }

  static Words of(String scenario) {
    List<String> modifiers = List.of();
    List<Topic> topics = new ArrayList<>();
    for (String line : resourceLines(scenario + ".words")) {
      String[] columns = COLUMN.split(line, -1);
      switch (columns[0]) {
        case "modifiers" -> modifiers = commaList(columns[1]);
        case "topic" ->
            topics.add(new Topic(columns[1], commaList(columns[2]), commaList(columns[3])));
        default -> {} // a comment
      }
    }
    return new Words(modifiers, List.copyOf(topics));
  }

  private static List<String> resourceLines(String name) {
    try (InputStream resource = Words.class.getResourceAsStream(name)) {
      if (resource == null) {
        throw new IllegalStateException("the program's own resource " + name + " is missing");
      }
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("the program's own resource " + name + " is unreadable", e);
    }
  }

  private static List<String> commaList(String text) {
    return text.isBlank() ? List.of() : List.of(COMMA.split(text.strip()));
  }
}
