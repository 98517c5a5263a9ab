package io.tacit.cli.page;

import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Lines over a common axis, as SVG for a page that styles its classes. Each line is named where it
 * ends and by a list below, and has a pattern of its own, so that colour is not needed to tell them
 * apart.
 *
 * @param title above the lines
 * @param across what the horizontal axis counts
 * @param lines at least one, each of at least one point
 */
public record LineChart(String title, String across, List<Line> lines) {

  private static final int WIDTH = 640;
  private static final int HEIGHT = 300;
  private static final int LEFT = 48;
  private static final int RIGHT = 16;
  private static final int TOP = 34;
  private static final int BOTTOM = 44;
  private static final int LEGEND_ROW = 18;
  private static final int LEGEND_COLUMNS = 3;
  private static final int STYLES = 7;

  /**
   * One line.
   *
   * @param style 0 to 6; the page has as many
   */
  public record Line(String label, int style, double[] x, double[] y) {}

  /** The chart, to be added to a page. */
  public Markup svg() {
    Range across = Range.of(lines.stream().flatMapToDouble(line -> DoubleStream.of(line.x())));
    Range up = Range.rounded(lines.stream().flatMapToDouble(line -> DoubleStream.of(line.y())));
    int legendRows = (lines.size() + LEGEND_COLUMNS - 1) / LEGEND_COLUMNS;
    Markup svg = new Markup();
    svg.add(
        "<svg viewBox='0 0 {} {}' role='img' aria-label='{}'><text class='title' x='0'"
            + " y='16'>{}</text>",
        WIDTH,
        HEIGHT + LEGEND_ROW * legendRows,
        title,
        title);
    grid(svg, across, up);
    for (Line line : lines) {
      svg.add(
          "<polyline class='line s{}' points='{}'><title>{}</title></polyline>",
          line.style() % STYLES,
          points(line, across, up),
          line.label());
    }
    legend(svg);
    return svg.add("</svg>");
  }

  private record Range(double low, double high) {

    static Range of(DoubleStream values) {
      double[] all = values.toArray();
      double low = DoubleStream.of(all).min().orElse(0);
      double high = DoubleStream.of(all).max().orElse(1);
      return new Range(low, high > low ? high : low + 1);
    }

    /** Widened to whole steps, so that no line touches the frame by accident. */
    static Range rounded(DoubleStream values) {
      Range exact = of(values);
      double step = Scale.step(exact.high() - exact.low());
      return new Range(
          Math.max(0, Math.floor(exact.low() / step) * step),
          Math.ceil(exact.high() / step) * step);
    }

    double share(double value) {
      return (value - low) / (high - low);
    }
  }

  private static double x(double value, Range across) {
    return LEFT + (WIDTH - LEFT - RIGHT) * across.share(value);
  }

  private static double y(double value, Range up) {
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * up.share(value);
  }

  private void grid(Markup svg, Range across, Range up) {
    double stepUp = Scale.step(up.high() - up.low());
    for (double value = up.low(); value <= up.high() + stepUp / 1e6; value += stepUp) {
      svg.add(
          "<line class='grid' x1='{}' x2='{}' y1='{}' y2='{}'/><text class='tick' x='{}' y='{}'"
              + " text-anchor='end'>{}</text>",
          LEFT,
          WIDTH - RIGHT,
          y(value, up),
          y(value, up),
          LEFT - 6,
          y(value, up) + 4,
          Scale.tick(value));
    }
    double stepAcross = Math.max(1, Scale.step(across.high() - across.low()));
    double first = Math.ceil(across.low() / stepAcross) * stepAcross;
    for (double value = first; value <= across.high(); value += stepAcross) {
      svg.add(
          "<text class='tick' x='{}' y='{}' text-anchor='middle'>{}</text>",
          x(value, across),
          HEIGHT - BOTTOM + 16,
          Scale.tick(value));
    }
    svg.add(
        "<text class='tick' x='{}' y='{}' text-anchor='end'>{}</text>",
        WIDTH - RIGHT,
        HEIGHT - BOTTOM + 32,
        across());
  }

  private static String points(Line line, Range across, Range up) {
    Markup points = new Markup();
    for (int i = 0; i < line.x().length; i++) {
      points.add("{},{} ", x(line.x()[i], across), y(line.y()[i], up));
    }
    return points.toString().strip();
  }

  private void legend(Markup svg) {
    int column = (WIDTH - LEFT) / LEGEND_COLUMNS;
    for (int i = 0; i < lines.size(); i++) {
      int x = LEFT + column * (i % LEGEND_COLUMNS);
      int y = HEIGHT + LEGEND_ROW * (i / LEGEND_COLUMNS);
      svg.add(
          "<path class='line s{}' d='M{} {}h24'/><text class='tick' x='{}' y='{}'>{}</text>",
          lines.get(i).style() % STYLES,
          x,
          y,
          x + 30,
          y + 4,
          lines.get(i).label());
    }
  }
}
