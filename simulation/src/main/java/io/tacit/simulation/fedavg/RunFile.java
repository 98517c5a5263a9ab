package io.tacit.simulation.fedavg;

import io.tacit.simulation.fedavg.FedAvgRun.Point;
import java.util.ArrayList;
import java.util.List;

/**
 * The lines of a finished run.
 *
 * <pre>
 * tacit-fedavg-run 1
 * contributors 10.0
 * bytes 79690400
 * seconds 41.25
 * point 1 1.21 0.6812           (round, loss, test accuracy; one line each)
 * </pre>
 */
final class RunFile {

  private static final String HEADER = "tacit-fedavg-run 1";

  private RunFile() {}

  static String write(FedAvgRun run) {
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    text.append("contributors ").append(run.contributors()).append('\n');
    text.append("bytes ").append(run.bytesUp()).append('\n');
    text.append("seconds ").append(run.seconds()).append('\n');
    for (Point point : run.curve()) {
      text.append("point ").append(point.round()).append(' ').append(point.loss()).append(' ');
      text.append(point.accuracy()).append('\n');
    }
    return text.toString();
  }

  /** The seal has shown that this is what {@link #write} wrote. */
  static FedAvgRun read(String text, Method method, Partition partition, long seed) {
    double contributors = 0;
    long bytes = 0;
    double seconds = 0;
    List<Point> curve = new ArrayList<>();
    for (String line : text.lines().skip(1).toList()) {
      String[] words = line.split(" ");
      switch (words[0]) {
        case "contributors" -> contributors = Double.parseDouble(words[1]);
        case "bytes" -> bytes = Long.parseLong(words[1]);
        case "seconds" -> seconds = Double.parseDouble(words[1]);
        case "point" -> curve.add(point(words));
        default -> throw new IllegalStateException("run file has a line \"" + line + "\"");
      }
    }
    return new FedAvgRun(method, partition, seed, curve, contributors, bytes, seconds);
  }

  private static Point point(String[] words) {
    return new Point(
        Integer.parseInt(words[1]), Double.parseDouble(words[2]), Double.parseDouble(words[3]));
  }
}
