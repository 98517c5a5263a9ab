package io.tacit.cli.page;

import java.util.List;
import java.util.Locale;

/**
 * Bars to the right, one under the other, with their standard errors, as SVG for a page that styles
 * its classes.
 *
 * @param title above the bars
 * @param bars from top to bottom
 * @param marks vertical lines to compare with
 */
public record BarChart(String title, List<Bar> bars, List<Mark> marks) {

  private static final int WIDTH = 640;
  private static final int LEFT = 190;
  private static final int RIGHT = 70;
  private static final int TOP = 34;
  private static final int ROW = 28;
  private static final int THICKNESS = 16;
  private static final int AXIS = 24;

  /**
   * One bar.
   *
   * @param error standard error of the value
   * @param strong whether it is the one that the page is about
   */
  public record Bar(String label, double value, double error, boolean strong) {}

  /** A line at a value. */
  public record Mark(String label, double value) {}

  /** The chart, to be added to a page. */
  public Markup svg() {
    double max = scaleMax();
    int bottom = TOP + ROW * bars.size();
    Markup svg = new Markup();
    svg.add(
        "<svg viewBox='0 0 {} {}' role='img' aria-label='{}'><text class='title' x='0'"
            + " y='16'>{}</text>",
        WIDTH,
        bottom + AXIS,
        title,
        title);
    grid(svg, max, bottom);
    for (int i = 0; i < bars.size(); i++) {
      bar(svg, bars.get(i), TOP + ROW * i + ROW / 2.0, max);
    }
    for (Mark mark : marks) {
      svg.add(
          "<line class='mark' x1='{}' x2='{}' y1='{}' y2='{}'><title>{}</title></line>",
          x(mark.value(), max),
          x(mark.value(), max),
          TOP - 4,
          bottom,
          mark.label());
    }
    return svg.add("</svg>");
  }

  private void grid(Markup svg, double max, int bottom) {
    double step = Scale.step(max);
    for (int i = 0; i * step <= max + step / 1e6; i++) {
      svg.add(
          "<line class='grid' x1='{}' x2='{}' y1='{}' y2='{}'/><text class='tick' x='{}' y='{}'"
              + " text-anchor='middle'>{}</text>",
          x(i * step, max),
          x(i * step, max),
          TOP - 4,
          bottom,
          x(i * step, max),
          bottom + 16,
          Scale.tick(i * step));
    }
  }

  private static void bar(Markup svg, Bar bar, double middle, double max) {
    double end = x(bar.value(), max);
    svg.add(
        "<text class='label' x='{}' y='{}' text-anchor='end'>{}</text>",
        LEFT - 10,
        middle + 4,
        bar.label());
    svg.add(
        "<rect class='{}' x='{}' y='{}' width='{}' height='{}' rx='2'><title>{}</title></rect>",
        bar.strong() ? "bar strong" : "bar",
        LEFT,
        middle - THICKNESS / 2.0,
        end - LEFT,
        THICKNESS,
        bar.label() + ": " + decimal(bar.value()) + " ± " + decimal(bar.error()));
    double low = x(Math.max(0, bar.value() - bar.error()), max);
    double high = x(bar.value() + bar.error(), max);
    svg.add(
        "<path class='whisker' d='M{} {}H{}M{} {}v8M{} {}v8'/>",
        low,
        middle,
        high,
        low,
        middle - 4,
        high,
        middle - 4);
    svg.add(
        "<text class='value' x='{}' y='{}'>{}</text>", high + 6, middle + 4, decimal(bar.value()));
  }

  private double scaleMax() {
    double largest = bars.stream().mapToDouble(bar -> bar.value() + bar.error()).max().orElse(1);
    double step = Scale.step(largest);
    return Math.max(step, Math.ceil(largest / step) * step);
  }

  private static double x(double value, double max) {
    return LEFT + (WIDTH - LEFT - RIGHT) * value / max;
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
