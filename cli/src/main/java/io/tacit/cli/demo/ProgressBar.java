package io.tacit.cli.demo;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * A line at the bottom of a terminal that says how far it is and how long it will take; nothing
 * where standard error is no terminal. Not thread-safe.
 */
final class ProgressBar {

  private static final int WIDTH = 30;

  private final PrintWriter terminal;
  private final boolean shown;
  private final String what;
  private final long total;
  private final long startNanos = System.nanoTime();

  ProgressBar(PrintWriter terminal, boolean shown, String what, long total) {
    this.terminal = terminal;
    this.shown = shown;
    this.what = what;
    this.total = total;
  }

  /** Draws the bar anew. */
  void show(long done) {
    if (!shown) {
      return;
    }
    int filled = (int) (WIDTH * done / total);
    double elapsed = (System.nanoTime() - startNanos) / 1e9;
    String left =
        done == 0
            ? "starting"
            : String.format(Locale.ROOT, "%.0f s left", elapsed / done * (total - done));
    terminal.printf(
        "\r\033[K%s [%s%s] %d/%d  %s",
        what, "#".repeat(filled), ".".repeat(WIDTH - filled), done, total, left);
    terminal.flush();
  }

  /** Takes the bar away, so that a line can be printed in its place. */
  void hide() {
    if (shown) {
      terminal.print("\r\033[K");
      terminal.flush();
    }
  }
}
