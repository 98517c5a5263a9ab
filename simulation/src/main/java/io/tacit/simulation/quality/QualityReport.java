package io.tacit.simulation.quality;

import io.tacit.simulation.baselines.OrderSignal;
import io.tacit.simulation.data.InteractionDataSet;
import io.tacit.simulation.evaluation.ChanceLevel;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.evaluation.NegativeSampling;
import io.tacit.simulation.models.TrainingRecipe;
import java.util.List;
import java.util.Optional;

/**
 * What an evaluation found.
 *
 * @param data name of the data set
 * @param users who took part, on the first seed
 * @param items of the catalogue
 * @param interactions of all users of the data
 * @param settings seeds and sampler
 * @param recipe how was trained
 * @param transport what carried the rounds of the federated model, such as {@code in-process}
 * @param rules how data was split and ranked, a sentence each; belong beside the numbers
 * @param rows one per contender, in the order of {@link Contender}
 * @param cells all results behind the rows
 * @param coldStart how new devices are served; empty if it was not asked for
 * @param chance what a random order reaches among the sampled negatives
 * @param seconds of this run; cells of earlier runs are not in it
 */
public record QualityReport(
    String data,
    int users,
    int items,
    int interactions,
    QualitySettings settings,
    TrainingRecipe recipe,
    String transport,
    List<String> rules,
    List<QualityRow> rows,
    List<CellResult> cells,
    List<ColdStartRow> coldStart,
    ChanceLevel chance,
    double seconds) {

  /** What stands beside every figure that the papers' sampler made. */
  public static final String NOT_COMPARABLE =
      "PAPERS' SAMPLER: training negatives exclude the held-out items, which gives them away. These"
          + " figures compare with published tables of that sampler and with nothing else, least of"
          + " all with honest figures.";

  public QualityReport {
    rules = List.copyOf(rules);
    rows = List.copyOf(rows);
    cells = List.copyOf(cells);
    coldStart = List.copyOf(coldStart);
  }

  static QualityReport of(
      InteractionDataSet data,
      QualitySettings settings,
      TrainingRecipe recipe,
      String transport,
      List<Contender> contenders,
      List<CellResult> cells,
      List<ColdStartResult> coldStarts,
      double seconds) {
    HonestSplit split = cells.get(0).sampled().task().split();
    return new QualityReport(
        data.name(),
        split.userCount(),
        data.items().size(),
        data.interactionCount(),
        settings,
        recipe,
        transport,
        rules(data, split, settings),
        contenders.stream().map(contender -> QualityRow.of(contender, cells)).toList(),
        cells,
        ColdStartRow.of(coldStarts),
        ChanceLevel.sampled(),
        seconds);
  }

  private static List<String> rules(
      InteractionDataSet data, HonestSplit split, QualitySettings settings) {
    return List.of(
        data.timed()
            ? "Split: a user's last item is for test, the last but one for validation. Order: "
                + data.orderRule()
                + ". "
                + orderSignal(split)
            : "Split: test and validation item are drawn at random per user and seed, because "
                + data.orderRule()
                + ".",
        "Users with at least "
            + HonestSplit.ITEMS_PER_USER_MIN
            + " different items take part; repeated items count once.",
        "Sampled: the test item among "
            + HonestSplit.NEGATIVES
            + " items that the user never touched, drawn once per user and seed. Full: among all"
            + " items but those of the user's training and validation.",
        "Ties count against the model: an item of equal score ranks above the test item.",
        switch (settings.sampling()) {
          case HONEST ->
              "Training negatives (sampler honest): drawn from everything outside the user's"
                  + " training items, held-out items included.";
          case PAPERS_SAMPLER -> NOT_COMPARABLE;
        },
        "Recency, rounds, passes, the centralised learning rate and EASE's regulariser are chosen"
            + " on validation items; test items choose nothing.");
  }

  private static String orderSignal(HonestSplit split) {
    OrderSignal signal = OrderSignal.of(split, TrainingRecipe.USUAL_RECENCY);
    return "To item neighbours on validation, counting the latest items more gives "
        + signal.gain()
        + (signal.isThere()
            ? " of HR@10: order tells something, and usual models have recency."
            : " of HR@10: not shown to tell anything, so usual models have no recency.");
  }

  /** What stands beside the figures of new devices. */
  public static final String COLD_START_RULE =
      "Cold start: one in "
          + ColdStart.ONE_IN
          + " users, drawn per seed, takes no part in training. They rank with the others' model"
          + " and their own first events (in order of time; at random where there are no times),"
          + " all they have if that is less. Without an event, items are ranked by what attributes"
          + " say of the user, where the model has any, and by the model's item bias. The same"
          + " users as devices that trained have all their training items.";

  /** Whether the figures are honest ones. */
  public boolean isHonest() {
    return settings.sampling() == NegativeSampling.HONEST;
  }

  /** The row of a contender; empty if this data has none. */
  public Optional<QualityRow> row(Contender contender) {
    return rows.stream().filter(row -> row.contender() == contender).findFirst();
  }
}
