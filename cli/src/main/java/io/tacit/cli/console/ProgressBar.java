package io.tacit.cli.console;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * A line at the bottom of a terminal that says how far it is and how long it will take; nothing
 * where standard error is no terminal. Not thread-safe.
 */
public final class ProgressBar {

  private static final int WIDTH = 30;
  private static final int SECONDS_PER_MINUTE = 60;
  private static final int MINUTES_PER_HOUR = 60;

  private final PrintWriter terminal;
  private final boolean shown;
  private final String what;
  private final long total;
  private final long startNanos = System.nanoTime();

  /** A bar for so much work, not drawn yet. */
  public ProgressBar(PrintWriter terminal, boolean shown, String what, long total) {
    this.terminal = terminal;
    this.shown = shown;
    this.what = what;
    this.total = total;
  }

  /** Draws the bar anew. */
  public void show(long done) {
    draw(what, done, total, done + "/" + total);
  }

  /**
   * Draws the bar anew, with another name and measure; done and total are of no unit that would
   * tell anything.
   */
  public void show(String doing, long done, long ofTotal) {
    draw(doing, done, ofTotal, 100 * done / Math.max(1, ofTotal) + " %");
  }

  private void draw(String doing, long done, long ofTotal, String count) {
    if (!shown) {
      return;
    }
    int filled = ofTotal == 0 ? WIDTH : (int) (WIDTH * done / ofTotal);
    double elapsed = (System.nanoTime() - startNanos) / 1e9;
    String left = done == 0 ? "starting" : duration(elapsed / done * (ofTotal - done)) + " left";
    terminal.printf(
        "\r\033[K%s [%s%s] %s  %s",
        doing, "#".repeat(filled), ".".repeat(WIDTH - filled), count, left);
    terminal.flush();
  }

  /** Such as {@code 40 s}, {@code 12 min} or {@code 2 h 05 min}. */
  static String duration(double seconds) {
    if (seconds < 2 * SECONDS_PER_MINUTE) {
      return String.format(Locale.ROOT, "%.0f s", seconds);
    }
    long minutes = Math.round(seconds / SECONDS_PER_MINUTE);
    return minutes < MINUTES_PER_HOUR
        ? minutes + " min"
        : String.format(
            Locale.ROOT, "%d h %02d min", minutes / MINUTES_PER_HOUR, minutes % MINUTES_PER_HOUR);
  }

  /** Takes the bar away, so that a line can be printed in its place. */
  public void hide() {
    if (shown) {
      terminal.print("\r\033[K");
      terminal.flush();
    }
  }
}
