package io.tacit.simulation.chaos;

import io.tacit.client.privacy.UpdateClipper;
import io.tacit.client.rounds.LeavingUpdate;
import io.tacit.client.rounds.RoundObserver;
import io.tacit.client.rounds.RoundStep;
import io.tacit.client.training.LocalUpdate;
import io.tacit.client.training.TrainingDivergedException;
import io.tacit.client.training.TrainingEngine;
import io.tacit.client.training.TrainingResult;
import io.tacit.client.training.TrainingSettings;
import io.tacit.client.training.TrainingTask;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.RoundId;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.privacy.RandomBits;
import io.tacit.simulation.population.Companion;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what devices sent, where no coordinator can touch it: what the sums must have been is
 * added up from here. Thread-safe.
 *
 * <p>It stands beside the training and the rounding of each device and encodes the update a second
 * time; so it knows what no listener of the client may know.
 */
public final class Witness implements Companion.Choice {

  private static final SecureRandom SEEDS = new SecureRandom();

  private final TrainingPlan plan;
  private final Map<Sender, int[]> sent = new ConcurrentHashMap<>();
  private final Set<Sender> acknowledged = ConcurrentHashMap.newKeySet();

  private record Sender(long round, ClientId client) {}

  /**
   * @param plan that the devices follow; without a validation share, because the witness does not
   *     hold examples back
   */
  public Witness(TrainingPlan plan) {
    if (plan.evaluation().validationShare() != 0) {
      throw new IllegalArgumentException(
          "plan "
              + plan.id()
              + " has validation share "
              + plan.evaluation().validationShare()
              + ", must be 0 for a witness");
    }
    this.plan = plan;
  }

  @Override
  public Companion of(int user, ClientId client) {
    return new Bystander(client);
  }

  /** The lanes of the update that a device began to send in a round, before any mask. */
  Optional<int[]> sent(long round, ClientId client) {
    return Optional.ofNullable(sent.get(new Sender(round, client)));
  }

  /** Whose updates of a round the coordinator said to have on disk. */
  Set<ClientId> acknowledged(long round) {
    return acknowledged.stream()
        .filter(sender -> sender.round() == round)
        .map(Sender::client)
        .collect(Collectors.toUnmodifiableSet());
  }

  private int[] encode(TrainingResult trained, long seed) {
    byte[] bytes =
        new UpdateClipper(plan.client().clipNorm())
            .clip(new LocalUpdate(trained.delta(), trained.examples(), trained.meanLoss()))
            .encode(plan, null, RandomBits.seeded(seed))
            .toBytes();
    int[] lanes = new int[bytes.length / Integer.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(lanes);
    return lanes;
  }

  /** Beside one device, on its thread. */
  private final class Bystander implements Companion, RoundObserver {

    private final ClientId client;
    private @Nullable TrainingResult trained;
    private long seed;

    Bystander(ClientId client) {
      this.client = client;
    }

    @Override
    public TrainingEngine engine(TrainingEngine engine) {
      return new TrainingEngine() {
        @Override
        public Optional<String> refusal(ModelSpecification model, TrainingSettings settings) {
          return engine.refusal(model, settings);
        }

        @Override
        public Optional<String> refusal(TrainingTask task) {
          return engine.refusal(task);
        }

        @Override
        public TrainingResult train(TrainingTask task) throws TrainingDivergedException {
          TrainingResult result = engine.train(task);
          trained = result;
          return result;
        }
      };
    }

    @Override
    public Supplier<RandomBits> bits(Supplier<RandomBits> bits) {
      return () -> {
        seed = SEEDS.nextLong();
        return RandomBits.seeded(seed);
      };
    }

    @Override
    public RoundObserver observer() {
      return this;
    }

    @Override
    public void leaving(LeavingUpdate update) {
      sent.put(
          new Sender(update.round().number(), client),
          encode(Objects.requireNonNull(trained), seed));
    }

    @Override
    public void reached(RoundId round, RoundStep step) {
      if (step == RoundStep.SENT) {
        acknowledged.add(new Sender(round.number(), client));
      }
    }
  }
}
