package io.tacit.cli.page;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The frame of a page: head, style and title around what is in it. */
public final class Page {

  private Page() {}

  /**
   * A whole page.
   *
   * @param title of the window, and the first heading
   * @param body what follows that heading
   */
  public static String of(String title, Markup body) throws IOException {
    return new Markup()
        .add(
            "<!DOCTYPE html>\n<html lang='en'><head><meta charset='utf-8'>"
                + "<meta name='viewport' content='width=device-width, initial-scale=1'>"
                + "<meta name='color-scheme' content='light dark'>"
                + "<title>{}</title><style>{}</style></head><body><main>\n<h1>{}</h1>\n"
                + "{}</main></body></html>\n",
            title,
            new Markup().add(style()),
            title,
            body)
        .toString();
  }

  private static String style() throws IOException {
    try (InputStream style = Page.class.getResourceAsStream("page.css")) {
      return new String(
          Objects.requireNonNull(style, "the program's own resource page.css").readAllBytes(),
          StandardCharsets.UTF_8);
    }
  }
}
