package io.tacit.simulation.quality;

import io.tacit.simulation.evaluation.HeldOut;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.evaluation.RankingResult;
import io.tacit.simulation.evaluation.RankingTask;
import io.tacit.simulation.quality.CellResult.CurvePoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The file of a finished cell: sealed lines of a word and its values.
 *
 * <pre>
 * tacit-evaluation-cell 1
 * validation 0.655
 * seconds 41.25
 * chosen round 45
 * curve 5 0.41 0.52 0.53        (round, loss, HR@10 on validation and on test; one line each)
 * sampled 0 4 17 ...            (a rank per user)
 * full 3 21 170 ...
 * sha256 ...
 * </pre>
 */
final class CellFile {

  private static final String HEADER = "tacit-evaluation-cell 1";

  private CellFile() {}

  static String write(CellResult cell) {
    StringBuilder text = new StringBuilder();
    text.append(HEADER).append('\n');
    text.append("validation ").append(cell.validationHitRate()).append('\n');
    text.append("seconds ").append(cell.seconds()).append('\n');
    text.append("chosen ").append(cell.chosen()).append('\n');
    text.append(curve(cell.curve()));
    text.append("sampled ").append(joined(cell.sampled().ranks())).append('\n');
    text.append("full ").append(joined(cell.full().ranks())).append('\n');
    return text.toString();
  }

  /** What the file says; its seal has shown that this is what {@link #write} wrote. */
  static CellResult read(String text, Contender contender, long seed, HonestSplit split) {
    double validation = 0;
    double seconds = 0;
    String chosen = "";
    int[] sampled = {};
    int[] full = {};
    List<CurvePoint> curve = new ArrayList<>();
    for (String line : text.lines().skip(1).collect(Collectors.toList())) {
      int blank = line.indexOf(' ');
      String value = line.substring(blank + 1);
      switch (line.substring(0, blank)) {
        case "validation" -> validation = Double.parseDouble(value);
        case "seconds" -> seconds = Double.parseDouble(value);
        case "chosen" -> chosen = value;
        case "curve" -> curve.add(point(value.split(" ")));
        case "sampled" -> sampled = ranks(value);
        case "full" -> full = ranks(value);
        default -> throw new IllegalStateException("cell file has a line \"" + line + "\"");
      }
    }
    return new CellResult(
        contender,
        seed,
        RankingResult.restored(RankingTask.sampled(split, HeldOut.TEST), sampled),
        RankingResult.restored(RankingTask.full(split, HeldOut.TEST), full),
        validation,
        chosen,
        curve,
        seconds);
  }

  /** The lines of a curve. */
  static String curve(List<CurvePoint> curve) {
    StringBuilder text = new StringBuilder();
    for (CurvePoint point : curve) {
      text.append("curve ").append(point.round()).append(' ').append(point.loss()).append(' ');
      text.append(point.validationHitRate()).append(' ').append(point.testHitRate()).append('\n');
    }
    return text.toString();
  }

  /** The curve of such lines alone. */
  static List<CurvePoint> curve(String lines) {
    return lines.lines().map(line -> point(line.substring("curve ".length()).split(" "))).toList();
  }

  private static CurvePoint point(String[] columns) {
    return new CurvePoint(
        Long.parseLong(columns[0]),
        Double.parseDouble(columns[1]),
        Double.parseDouble(columns[2]),
        Double.parseDouble(columns[3]));
  }

  static int[] ranks(String text) {
    return Arrays.stream(text.split(" ")).mapToInt(Integer::parseInt).toArray();
  }

  static String joined(int[] ranks) {
    return Arrays.stream(ranks).mapToObj(Integer::toString).collect(Collectors.joining(" "));
  }
}
