package io.tacit.cli.page;

import java.util.Locale;

/** Text of a page: everything that was not written here is escaped. Not thread-safe. */
public final class Markup {

  private final StringBuilder text = new StringBuilder();

  /**
   * Adds a form in which {@code {}} stands for values in order; values are escaped, unless they are
   * markup themselves.
   */
  public Markup add(String form, Object... values) {
    int from = 0;
    for (Object value : values) {
      int place = form.indexOf("{}", from);
      text.append(form, from, place).append(shown(value));
      from = place + 2;
    }
    text.append(form, from, form.length());
    return this;
  }

  private static String shown(Object value) {
    if (value instanceof Markup markup) {
      return markup.toString();
    }
    return value instanceof Double number
        ? String.format(Locale.ROOT, "%.2f", number)
        : escaped(value.toString());
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
