package io.tacit.coordinator.plans;

import io.tacit.coordinator.plans.PlanNode.Mapping;
import io.tacit.coordinator.plans.PlanNode.Scalar;
import io.tacit.coordinator.plans.PlanNode.Sequence;
import io.tacit.protocol.plan.InvalidPlanException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A mapping of a plan file, read by key and type. Knows its path for error messages. A key that is
 * not there gives the default, or without one an error.
 */
final class Section {

  /** No leading zeros (octal in YAML 1.1), signs or underscores: a number reads one way only. */
  private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]{0,18})");

  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]{1,3})?|-?\\.[0-9]+");

  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");

  private final Mapping mapping;
  private final String path;

  private Section(Mapping mapping, String path) {
    this.mapping = mapping;
    this.path = path;
  }

  /** The root of a file. */
  static Section root(Mapping mapping) {
    return new Section(mapping, "");
  }

  /** Refuses any key but these, naming the one that was meant. */
  Section allowing(String... keys) {
    for (String key : mapping.entries().keySet()) {
      if (!Arrays.asList(keys).contains(key)) {
        Place place = mapping.keyPlaces().getOrDefault(key, mapping.place());
        throw fault(
            place,
            pathOf(key),
            "not a key of " + (path.isEmpty() ? "a plan" : path),
            "one of " + String.join(", ", keys),
            Spelling.remedy(key, List.of(keys)));
      }
    }
    return this;
  }

  boolean has(String key) {
    return mapping.entries().containsKey(key);
  }

  boolean isSection(String key) {
    return mapping.entries().get(key) instanceof Mapping;
  }

  /** The one of these keys that is there. */
  String only(String... keys) {
    List<String> there = Stream.of(keys).filter(this::has).collect(Collectors.toList());
    if (there.size() != 1) {
      throw fault(
          mapping.place(),
          path,
          there.isEmpty() ? "incomplete" : "of more than one kind: " + String.join(", ", there),
          "of exactly one kind of " + String.join(", ", keys),
          there.isEmpty() ? "add one of these keys" : "remove all but one");
    }
    return there.get(0);
  }

  /** Path of this section as error messages name it. */
  String path() {
    return path;
  }

  private String pathOf(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  String text(String key) {
    return scalar(key, required(key, "a text")).text();
  }

  int integer(String key) {
    return (int) whole(key, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  int integer(String key, int absent) {
    return has(key) ? integer(key) : absent;
  }

  long longInteger(String key) {
    return whole(key, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  long longInteger(String key, long absent) {
    return has(key) ? longInteger(key) : absent;
  }

  private long whole(String key, long min, long max) {
    PlanNode node = required(key, "a whole number");
    String text = scalar(key, node).text();
    if (WHOLE.matcher(text).matches()) {
      OptionalLong value = parseLong(text);
      if (value.isPresent() && value.getAsLong() >= min && value.getAsLong() <= max) {
        return value.getAsLong();
      }
    }
    throw fault(node, key, "a whole number from " + min + " to " + max, "write it in digits");
  }

  private static OptionalLong parseLong(String digits) {
    try {
      return OptionalLong.of(Long.parseLong(digits));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  double number(String key, double absent) {
    return has(key) ? number(key) : absent;
  }

  double number(String key) {
    PlanNode node = required(key, "a number");
    String text = scalar(key, node).text();
    if (!NUMBER.matcher(text).matches()) {
      throw fault(node, key, "a finite number", "write it as 0.001 or 1e-3");
    }
    return Double.parseDouble(text);
  }

  boolean truth(String key, boolean absent) {
    if (!has(key)) {
      return absent;
    }
    PlanNode node = required(key, "true or false");
    return switch (scalar(key, node).text()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw fault(node, key, "true or false", "write one of these words");
    };
  }

  <E extends Enum<E>> E choice(String key, Class<E> type, @Nullable E absent) {
    if (absent != null && !has(key)) {
      return absent;
    }
    List<String> words =
        Stream.of(type.getEnumConstants()).map(Spelling::ofEnum).collect(Collectors.toList());
    PlanNode node = required(key, "one of " + String.join(", ", words));
    String text = scalar(key, node).text();
    int index = words.indexOf(text);
    if (index < 0) {
      throw fault(node, key, "one of " + String.join(", ", words), Spelling.remedy(text, words));
    }
    return type.getEnumConstants()[index];
  }

  Duration duration(String key, Duration absent) {
    if (!has(key)) {
      return absent;
    }
    PlanNode node = required(key, "a duration");
    Matcher matcher = DURATION.matcher(scalar(key, node).text());
    if (!matcher.matches()) {
      throw fault(
          node, key, "a whole number and ms, s, m or h", "write it as 250ms, 30s, 5m or 2h");
    }
    long count = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      default -> Duration.ofHours(count);
    };
  }

  List<String> texts(String key) {
    PlanNode node = required(key, "a list of texts");
    List<String> texts = new ArrayList<>();
    for (PlanNode item : sequence(key, node).items()) {
      texts.add(scalar(key, item).text());
    }
    return texts;
  }

  /** The section of a key; an empty one if the key is not there. */
  Section section(String key) {
    PlanNode node = mapping.entries().get(key);
    return node == null
        ? new Section(new Mapping(Map.of(), Map.of(), mapping.place()), pathOf(key))
        : section(pathOf(key), node);
  }

  /** The sections of a list; none if the key is not there. */
  List<Section> sections(String key) {
    List<Section> sections = new ArrayList<>();
    if (has(key)) {
      List<PlanNode> items = sequence(key, required(key, "a list")).items();
      for (int i = 0; i < items.size(); i++) {
        sections.add(section(pathOf(key) + "[" + i + "]", items.get(i)));
      }
    }
    return sections;
  }

  private static Section section(String path, PlanNode node) {
    if (node instanceof Mapping inner) {
      return new Section(inner, path);
    }
    throw fault(
        node.place(), path, node.shown(), "a mapping", "write keys and values, or leave it out");
  }

  private PlanNode required(String key, String allowed) {
    PlanNode node = mapping.entries().get(key);
    if (node == null) {
      throw fault(mapping.place(), pathOf(key), "missing", allowed, "add it");
    }
    return node;
  }

  private Scalar scalar(String key, PlanNode node) {
    if (node instanceof Scalar scalar) {
      return scalar;
    }
    throw fault(node, key, "a single value", "write one value");
  }

  private Sequence sequence(String key, PlanNode node) {
    if (node instanceof Sequence sequence) {
      return sequence;
    }
    throw fault(node, key, "a list", "write it as [..., ...]");
  }

  private PlanFileException fault(PlanNode node, String key, String allowed, String remedy) {
    return fault(node.place(), pathOf(key), node.shown(), allowed, remedy);
  }

  private static PlanFileException fault(
      Place place, String field, String value, String allowed, String remedy) {
    return PlanFileException.field(place, new InvalidPlanException(field, value, allowed, remedy));
  }
}
