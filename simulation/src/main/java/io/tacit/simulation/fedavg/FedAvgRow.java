package io.tacit.simulation.fedavg;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * The runs of a method on a partition, one for each seed.
 *
 * @param runs at least one
 */
public record FedAvgRow(Method method, Partition partition, List<FedAvgRun> runs) {

  public FedAvgRow {
    runs = List.copyOf(runs);
  }

  /** Rows in the order in which their first runs come. */
  public static List<FedAvgRow> of(List<FedAvgRun> runs) {
    record Key(Method method, Partition partition) {}
    Map<Key, List<FedAvgRun>> grouped = new LinkedHashMap<>();
    for (FedAvgRun run : runs) {
      grouped
          .computeIfAbsent(new Key(run.method(), run.partition()), key -> new ArrayList<>())
          .add(run);
    }
    return grouped.entrySet().stream()
        .map(row -> new FedAvgRow(row.getKey().method(), row.getKey().partition(), row.getValue()))
        .toList();
  }

  /** The mean over seeds of the first round with this accuracy; empty if a run has not had it. */
  public OptionalDouble roundsTo(double accuracy) {
    double sum = 0;
    for (FedAvgRun run : runs) {
      if (run.roundsTo(accuracy).isEmpty()) {
        return OptionalDouble.empty();
      }
      sum += run.roundsTo(accuracy).getAsInt();
    }
    return OptionalDouble.of(sum / runs.size());
  }

  /** The mean over seeds of something. */
  public double mean(ToDoubleFunction<FedAvgRun> value) {
    return runs.stream().mapToDouble(value).average().orElseThrow();
  }
}
