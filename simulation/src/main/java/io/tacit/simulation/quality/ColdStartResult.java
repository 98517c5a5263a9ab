package io.tacit.simulation.quality;

import io.tacit.simulation.evaluation.HeldOut;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.evaluation.RankingResult;
import io.tacit.simulation.evaluation.RankingTask;
import java.util.ArrayList;
import java.util.List;

/**
 * How well devices that took no part in training are served, on one seed.
 *
 * @param seed of everything random
 * @param rows systems, the same for each seed; the last two are to compare with
 * @param seconds that it took
 */
public record ColdStartResult(long seed, List<Row> rows, double seconds) {

  /** The row to compare with. */
  static final String POPULARITY = "item popularity";

  private static final String HEADER = "tacit-evaluation-cold-start 1";

  public ColdStartResult {
    rows = List.copyOf(rows);
  }

  /**
   * One way to rank for newcomers.
   *
   * @param system such as {@code first 3 events}
   * @param sampled their test items among the sampled negatives
   */
  public record Row(String system, RankingResult sampled) {}

  /** How many newcomers there were. */
  public int newcomers() {
    return rows.get(0).sampled().task().split().userCount();
  }

  String write() {
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    text.append("seconds ").append(seconds).append('\n');
    for (Row row : rows) {
      text.append(row.system()).append('\t');
      text.append(CellFile.joined(row.sampled().ranks())).append('\n');
    }
    return text.toString();
  }

  /** What the file says; its seal has shown that this is what {@link #write} wrote. */
  static ColdStartResult read(String text, long seed, HonestSplit newcomers) {
    RankingTask task = RankingTask.sampled(newcomers, HeldOut.TEST);
    List<String> lines = text.lines().toList();
    List<Row> rows = new ArrayList<>();
    for (String line : lines.subList(2, lines.size())) {
      String[] columns = line.split("\t");
      rows.add(new Row(columns[0], RankingResult.restored(task, CellFile.ranks(columns[1]))));
    }
    double seconds = Double.parseDouble(lines.get(1).substring("seconds ".length()));
    return new ColdStartResult(seed, rows, seconds);
  }
}
