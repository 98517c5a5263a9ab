package io.tacit.simulation.quality;

import io.tacit.protocol.ContentHash;
import io.tacit.simulation.data.InteractionDataSet;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.evaluation.NegativeSampling;
import io.tacit.simulation.models.TrainingRecipe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Finished cells in a directory. A file's name contains a hash of all that decides its content, so
 * that cells of other data, seeds or recipes lie side by side and none is taken for another. A file
 * is there whole or not at all, whenever the process dies.
 */
final class CellStore {

  /** Raise it when a change of the program changes what a cell would be. */
  private static final String FORMAT = "3";

  static final int NAME_HASH_CHARACTERS = 12;

  private final Path directory;
  private final String dataHash;
  private final QualitySettings settings;
  private final TrainingRecipe recipe;
  private final String transport;

  /** Cells of an evaluation; the directory is made when it is first written to. */
  CellStore(
      Path directory,
      InteractionDataSet data,
      QualitySettings settings,
      TrainingRecipe recipe,
      String transport) {
    this.directory = directory;
    this.dataHash = data.contentHash();
    this.settings = settings;
    this.recipe = recipe;
    this.transport = transport;
  }

  /** A finished cell; empty if there is none or its file is damaged. */
  Optional<CellResult> find(Contender contender, long seed, HonestSplit split) throws IOException {
    return SealedText.find(file(contender, seed))
        .map(text -> CellFile.read(text, contender, seed, split));
  }

  /** The finished cold start of a seed; empty if there is none or its file is damaged. */
  Optional<ColdStartResult> findColdStart(long seed, HonestSplit newcomers) throws IOException {
    return SealedText.find(coldStartFile(seed))
        .map(text -> ColdStartResult.read(text, seed, newcomers));
  }

  /** Keeps a cell, durably. */
  void keep(CellResult cell) throws IOException {
    SealedText.keep(file(cell.contender(), cell.seed()), CellFile.write(cell));
  }

  /** Keeps a cold start, durably. */
  void keep(ColdStartResult result) throws IOException {
    SealedText.keep(coldStartFile(result.seed()), result.write());
  }

  private Path file(Contender contender, long seed) {
    boolean isUsual =
        contender != Contender.FEDERATED || transport.equals(InProcessTransport.PLAIN.label());
    String carried = isUsual ? "" : "-" + transport;
    return directory.resolve(
        contender.label() + carried + "-seed-" + seed + "-" + key(contender, seed) + ".cell");
  }

  private Path coldStartFile(long seed) {
    // Its name says that it is one; what decides it is what decides the federated cell.
    return directory.resolve(
        "cold-start-seed-" + seed + "-" + key(Contender.FEDERATED, seed) + ".cell");
  }

  private String key(Contender contender, long seed) {
    NegativeSampling sampling =
        contender.drawsNegatives() ? settings.sampling() : NegativeSampling.HONEST;
    String decides =
        String.join(
            "\n",
            FORMAT,
            dataHash,
            contender.label(),
            Long.toString(seed),
            Integer.toString(settings.usersMax()),
            sampling.label(),
            contender.isTrained() ? recipe.describe() : "",
            contender == Contender.FEDERATED ? Integer.toString(settings.judgeEvery()) : "");
    return hash(decides).substring(0, NAME_HASH_CHARACTERS);
  }

  static String hash(String text) {
    return ContentHash.of(text.getBytes(StandardCharsets.UTF_8)).toString();
  }
}
