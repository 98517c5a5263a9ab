package io.tacit.simulation.privacy;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.simulation.data.InteractionDataSet;
import io.tacit.simulation.evaluation.Estimate;
import io.tacit.simulation.quality.SealedText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What finished trainings measured, each in a file whose name has a hash of all that decides it:
 * data, plan, seed and who is trained on.
 */
final class PointStore {

  /** Raise it when a change of the program changes what a training measures. */
  private static final String FORMAT = "1";

  private static final int NAME_HASH_CHARACTERS = 12;

  private final Path directory;
  private final String dataHash;
  private final int itemsMin;

  PointStore(Path directory, InteractionDataSet data, int itemsMin) {
    this.directory = directory;
    this.dataHash = data.contentHash();
    this.itemsMin = itemsMin;
  }

  /**
   * What one training measured.
   *
   * @param hitRate HR@10 over the users that are tested on
   * @param ndcg NDCG@10 of them
   * @param seconds that it took
   */
  record Measured(Estimate hitRate, Estimate ndcg, double seconds) {}

  /** Empty if there is none or its file is damaged. */
  Optional<Measured> find(TrainingPlan plan, long seed) throws IOException {
    return SealedText.find(file(plan, seed)).map(PointStore::read);
  }

  void keep(TrainingPlan plan, long seed, Measured measured) throws IOException {
    SealedText.keep(
        file(plan, seed),
        line(measured.hitRate()) + line(measured.ndcg()) + measured.seconds() + "\n");
  }

  private static String line(Estimate estimate) {
    return estimate.mean() + " " + estimate.standardError() + " " + estimate.count() + "\n";
  }

  private static Measured read(String text) {
    String[] lines = text.split("\n");
    return new Measured(estimate(lines[0]), estimate(lines[1]), Double.parseDouble(lines[2]));
  }

  private static Estimate estimate(String line) {
    String[] numbers = line.split(" ");
    return new Estimate(
        Double.parseDouble(numbers[0]),
        Double.parseDouble(numbers[1]),
        Integer.parseInt(numbers[2]));
  }

  private Path file(TrainingPlan plan, long seed) {
    String decides =
        String.join(
            "\n",
            FORMAT,
            dataHash,
            plan.contentHash().toHex(),
            Long.toString(seed),
            Integer.toString(itemsMin));
    String key =
        ContentHash.of(decides.getBytes(StandardCharsets.UTF_8))
            .toHex()
            .substring(0, NAME_HASH_CHARACTERS);
    return directory.resolve("privacy-seed-" + seed + "-" + key + ".point");
  }
}
