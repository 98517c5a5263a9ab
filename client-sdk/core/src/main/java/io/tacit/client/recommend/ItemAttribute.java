package io.tacit.client.recommend;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One attribute of the items of a file: each distinct text once, and for each item 2 bytes that say
 * which. Immutable.
 */
final class ItemAttribute {

  /** Distinct texts of one attribute. */
  static final int DISTINCT_MAX = 65_536;

  private final String name;
  private final String[] distinct;
  private final char[] codes;

  private ItemAttribute(String name, String[] distinct, char[] codes) {
    this.name = name;
    this.distinct = distinct;
    this.codes = codes;
  }

  /** The name in the head of the file. */
  String name() {
    return name;
  }

  /** Which distinct texts have this value, alone or among others. */
  BitSet distinctWith(String value) {
    BitSet with = new BitSet(distinct.length);
    for (int code = 0; code < distinct.length; code++) {
      if (List.of(distinct[code].split("\\|", -1)).contains(value)) {
        with.set(code);
      }
    }
    return with;
  }

  /** The number of an item's text among the distinct ones. */
  int code(int item) {
    return codes[item];
  }

  /** Takes the texts of items in their order. */
  static final class Builder {

    private final String name;
    private final Map<String, Integer> distinct = new HashMap<>();
    private char[] codes = new char[64];
    private int items;

    Builder(String name) {
      this.name = name;
    }

    String name() {
      return name;
    }

    /** Whether there was room for the text. */
    boolean add(String text) {
      Integer code = distinct.get(text);
      if (code == null) {
        code = distinct.size();
        if (code == DISTINCT_MAX) {
          return false;
        }
        distinct.put(text, code);
      }
      if (items == codes.length) {
        codes = Arrays.copyOf(codes, 2 * items);
      }
      codes[items++] = (char) (int) code;
      return true;
    }

    ItemAttribute build() {
      String[] texts = new String[distinct.size()];
      distinct.forEach((text, code) -> texts[code] = text);
      return new ItemAttribute(name, texts, Arrays.copyOf(codes, items));
    }
  }
}
