package io.tacit.simulation.fedavg;

import io.tacit.client.model.TabularPredictor;
import io.tacit.client.training.PortableEngine;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.plan.DeadlineSettings;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.simulation.data.LabelledImages;
import io.tacit.simulation.fedavg.FedAvgRun.Point;
import io.tacit.simulation.inprocess.InProcessRounds;
import io.tacit.simulation.population.ClosingApps;
import io.tacit.simulation.population.Cohorts;
import io.tacit.simulation.population.Companion;
import io.tacit.simulation.population.Population;
import io.tacit.simulation.population.ScratchDirectory;
import io.tacit.simulation.quality.SealedText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Each method on each partition and seed, through the client's and the coordinator's own core.
 * Finished runs are kept in a directory, so that an experiment that was killed goes on with the run
 * that it was at. For one thread.
 */
public final class FedAvgExperiment {

  /** Raise it when a change of the program changes what a run would be. */
  private static final String FORMAT = "1";

  private static final int NAME_HASH_CHARACTERS = 12;

  private final LabelledImages.Sets images;
  private final FedAvgSettings settings;
  private final Path state;
  private final String dataHash;
  private final DeadlineSettings deadlines;

  /**
   * @param images of training and test
   * @param settings what is tried
   * @param state directory of finished runs; need not exist
   * @throws IllegalArgumentException if there are too few images for the devices
   */
  public FedAvgExperiment(LabelledImages.Sets images, FedAvgSettings settings, Path state) {
    this(images, settings, state, ImagePlan.DEADLINES);
  }

  /** The same, where a round waits so long for those whose app is closed. */
  FedAvgExperiment(
      LabelledImages.Sets images, FedAvgSettings settings, Path state, DeadlineSettings deadlines) {
    this.images = images;
    this.settings = settings;
    this.state = state;
    this.deadlines = deadlines;
    this.dataHash = images.training().contentHash() + " " + images.test().contentHash();
    Partition.IID.deal(images.training(), settings.clients(), 0);
  }

  /** What to run. */
  public record Choice(Method method, Partition partition, long seed) {

    String title() {
      return method.title() + ", " + partition.label() + ", seed " + seed;
    }
  }

  /** Does what an earlier process has not done, in order, and says what came out. */
  public List<FedAvgRun> run(List<Choice> choices, FedAvgListener listener)
      throws IOException, InterruptedException {
    List<FedAvgRun> runs = new ArrayList<>();
    List<Choice> missing = new ArrayList<>();
    for (Choice choice : choices) {
      Optional<FedAvgRun> kept = find(choice);
      kept.ifPresent(run -> listener.finished(run, true));
      kept.ifPresentOrElse(runs::add, () -> missing.add(choice));
    }
    long total = missing.stream().mapToLong(choice -> settings.rounds(choice.method())).sum();
    long before = 0;
    for (Choice choice : missing) {
      long done = before;
      FedAvgRun run =
          compute(choice, round -> listener.progress(choice.title(), done + round, total));
      SealedText.keep(file(choice), RunFile.write(run));
      listener.finished(run, false);
      runs.add(run);
      before += settings.rounds(choice.method());
    }
    return runs;
  }

  private FedAvgRun compute(Choice choice, IntConsumer progress)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    int[][] dealt = choice.partition().deal(images.training(), settings.clients(), choice.seed());
    int largest = Arrays.stream(dealt).mapToInt(own -> own.length).max().orElseThrow();
    TrainingPlan plan =
        ImagePlan.of(settings, choice.method(), images.training().pixels(), largest, choice.seed())
            .withDeadlines(deadlines);
    List<Point> curve = new ArrayList<>();
    long contributors = 0;
    long bytesUp = 0;
    // On the disk: a version of the model is kept for each round.
    try (ScratchDirectory scratch = ScratchDirectory.onDisk("tacit-fedavg-");
        InProcessRounds rounds = start(choice, plan, dealt, scratch.path())) {
      for (int round = 1; round <= plan.rounds(); round++) {
        InProcessRounds.CompletedRound completed = rounds.runRound();
        contributors += completed.participants();
        bytesUp += completed.bytesUp();
        if (round % settings.judgeEvery() == 0 || round == plan.rounds()) {
          double accuracy = accuracy(rounds.model(), plan.model());
          curve.add(new Point(round, completed.meanLoss(), accuracy));
        }
        progress.accept(round);
      }
    }
    return new FedAvgRun(
        choice.method(),
        choice.partition(),
        choice.seed(),
        curve,
        (double) contributors / plan.rounds(),
        bytesUp,
        (System.nanoTime() - start) / 1e9);
  }

  private InProcessRounds start(Choice choice, TrainingPlan plan, int[][] dealt, Path directory)
      throws IOException {
    List<ImageExamples> examples =
        Arrays.stream(dealt).map(own -> new ImageExamples(images.training(), own)).toList();
    boolean unreliable = choice.method() == Method.FEDAVG_DROPOUT;
    Companion.Choice companions =
        unreliable
            ? ClosingApps.soonAndLate(settings.dropout(), choice.seed())
            : Companion.Choice.NOBODY;
    return InProcessRounds.start(
        plan,
        null,
        (own, parts) -> Population.ofExamples(examples, own, parts, choice.seed(), companions),
        new PortableEngine(),
        choice.seed(),
        directory,
        unreliable ? Cohorts.Attendance.WHOEVER_COMES : Cohorts.Attendance.EVERYBODY);
  }

  private double accuracy(ModelParameters model, ModelSpecification specification) {
    TabularPredictor predictor =
        new TabularPredictor((ModelSpecification.Tabular) specification, model);
    LabelledImages test = images.test();
    long right =
        IntStream.range(0, test.size())
            .parallel()
            .filter(image -> predicted(predictor, test, image) == test.label(image))
            .count();
    return (double) right / test.size();
  }

  private static int predicted(TabularPredictor predictor, LabelledImages images, int image) {
    float[] pixels = new float[images.pixels()];
    images.copyTo(image, pixels, 0);
    float[] outputs = predictor.predict(pixels);
    int best = 0;
    for (int label = 1; label < outputs.length; label++) {
      if (outputs[label] > outputs[best]) {
        best = label;
      }
    }
    return best;
  }

  private Optional<FedAvgRun> find(Choice choice) throws IOException {
    return SealedText.find(file(choice))
        .map(text -> RunFile.read(text, choice.method(), choice.partition(), choice.seed()));
  }

  /** Its name has a hash of all that decides its content. */
  private Path file(Choice choice) {
    FedAvgSettings with = settings;
    String decides =
        String.join(
            "\n",
            FORMAT,
            dataHash,
            choice.title(),
            String.format(
                Locale.ROOT,
                "%d clients, C %s, %d rounds at %s, judged every %d",
                with.clients(),
                with.share(),
                with.rounds(choice.method()),
                with.rate(choice.method()),
                with.judgeEvery()),
            choice.method() == Method.FEDSGD ? "" : "E " + with.epochs() + ", B " + with.batch(),
            choice.method() == Method.FEDAVG_DROPOUT
                ? with.overSelection() + " assigned, " + with.dropout() + " closed"
                : "");
    String hash = ContentHash.of(decides.getBytes(StandardCharsets.UTF_8)).toHex();
    return state.resolve(
        choice.method().label()
            + "-"
            + choice.partition().label()
            + "-seed-"
            + choice.seed()
            + "-"
            + hash.substring(0, NAME_HASH_CHARACTERS)
            + ".run");
  }
}
