package io.tacit.client;

import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.behaviour.Retention;
import io.tacit.client.connection.PinnedTrust;
import io.tacit.client.ledger.Ledger;
import io.tacit.client.policy.ClientPolicy;
import io.tacit.client.recommend.Explanation;
import io.tacit.client.recommend.Predictions;
import io.tacit.client.recommend.Recommendation;
import io.tacit.client.recommend.RecommendationContext;
import io.tacit.client.recommend.RecommendationRequest;
import io.tacit.client.recommend.Recommendations;
import io.tacit.client.schedule.Conditions;
import io.tacit.client.schedule.Schedule;
import io.tacit.client.training.TrainingEngine;
import io.tacit.client.training.TrainingEngines;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Names;
import io.tacit.protocol.PlanId;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Recommendations and predictions in an app, from behaviour that stays on the device.
 *
 * <p>Guarantee: no method blocks but {@link #close}, so all others can be called from the thread of
 * a user interface; calls take effect in the order in which they are made. Results come on the
 * app's executor. What fails never harms the app: a failed result says what, and {@link #status()}
 * says in plain words how things are and what to do. Events that the storage does not take wait
 * until it does. Nothing leaves the device but an update of a model, as {@link #ledger()} lists.
 *
 * <p>One client per directory; a second one, also of another process, says so in its status until
 * the first is closed. Thread-safe.
 */
public final class TacitClient implements AutoCloseable {

  /** {@link #close} waits so long for a round to let go. */
  public static final int CLOSE_SECONDS_MAX = 5;

  private final ClientCore core;

  private TacitClient(ClientSettings settings) {
    this.core = new ClientCore(settings, StateReading.begin(settings));
  }

  /**
   * Begins to describe a client. How its files are kept must be said too, by {@link
   * Builder#storage}.
   *
   * @param directory private to the app, for this client alone; made if it is missing
   * @param population that the app belongs to, as the training plans name it: 1 to 64 characters of
   *     a-z 0-9 - . _
   */
  public static Builder builder(Path directory, String population) {
    return new Builder(directory, population);
  }

  /**
   * Records what a person did, feedback to recommendations included. What is recorded last counts
   * as the latest, whatever its time says: record an older history before live events, oldest
   * first.
   *
   * @return completes when the event survives the end of the process; exceptionally if it was given
   *     up, see {@link #status()}
   */
  public CompletableFuture<Void> record(BehaviourEvent event) {
    return core.record(event);
  }

  /**
   * The best items that are available and that the person does not know yet, best first.
   *
   * @param count how many at most, 0 to 10 000
   */
  public CompletableFuture<Recommendations> recommend(int count) {
    return recommend(RecommendationRequest.best(count));
  }

  /**
   * The best items in a situation.
   *
   * @param count how many at most, 0 to 10 000
   * @param context what is on screen, or what the person said; nothing of it is stored
   */
  public CompletableFuture<Recommendations> recommend(int count, RecommendationContext context) {
    return recommend(RecommendationRequest.best(count).in(context));
  }

  /** Answers a request, which says more than how many. */
  public CompletableFuture<Recommendations> recommend(RecommendationRequest request) {
    return core.recommend(request);
  }

  /**
   * What a model over attributes says of something that could be shown or done; see {@link
   * #predict(List)}.
   */
  public CompletableFuture<Predictions> predict(BehaviourEvent candidate) {
    return predict(List.of(candidate));
  }

  /**
   * Asks a model over attributes about events that have not happened yet, for instance one for each
   * item that could be shown: how likely is the label of the plan, had it happened now? Nothing of
   * them is stored.
   *
   * @param candidates with the attributes that the plan reads, without its label; at most {@value
   *     Predictions#CANDIDATES_MAX}
   */
  public CompletableFuture<Predictions> predict(List<BehaviourEvent> candidates) {
    return core.predict(List.copyOf(candidates));
  }

  /**
   * Why an item was recommended, in numbers and in sentences. For the person alone.
   *
   * @return empty if another model is in use by now, or if events that it would name are forgotten:
   *     recommend again then
   */
  public CompletableFuture<Optional<Explanation>> why(Recommendation recommendation) {
    return core.why(recommendation);
  }

  /**
   * Takes what the app says of its items: titles, availability, attributes. They stay until the
   * next call.
   *
   * @param items bytes of the item file, see {@link
   *     io.tacit.client.recommend.ModelStore#installItems}; at most 64 MiB
   * @param sha256 of these bytes, 64 hex digits
   * @return empty if they are in use now, else why not; those before stay then
   */
  public CompletableFuture<Optional<String>> items(byte[] items, String sha256) {
    return core.items(items, ContentHash.fromHex(sha256));
  }

  /**
   * Takes part in a round once, and fetches the newest model before and after. It may take minutes;
   * if it is under way already, the result is that of the one under way.
   */
  public CompletableFuture<Participation> participate() {
    return core.participate();
  }

  /**
   * Takes part again and again from now on, under the conditions that the client was built with.
   *
   * @param schedule of the platform
   * @throws IllegalStateException if there is a schedule already
   */
  public void start(Schedule schedule) {
    core.start(schedule);
  }

  /** Ends the schedule, if there is one; a participation under way ends at a safe point. */
  public void stop() {
    core.stop();
  }

  /**
   * Stops taking part, over restarts too, until {@link #resume}. An update that is on its way may
   * arrive. Events are recorded and recommendations given as before.
   */
  public CompletableFuture<Void> pause() {
    return core.pause(true);
  }

  /** Allows taking part again. */
  public CompletableFuture<Void> resume() {
    return core.pause(false);
  }

  /**
   * The updates that have left this device, and what all of them together let be learnt about it.
   */
  public CompletableFuture<Ledger> ledger() {
    return core.ledger();
  }

  /**
   * The serial number of the device's certificate, in hex; empty before it is enrolled. An app that
   * tells it to its backend can have this device revoked when it is lost; who knows it can join the
   * user and the pseudonym of the device.
   */
  public CompletableFuture<Optional<String>> certificateSerial() {
    return core.certificateSerial();
  }

  /**
   * Deletes all that the device knows of the person, its identity and the list of its updates
   * included, and stops a participation that is under way. The client can be used on, as a new one.
   * Nobody can take back what is part of a model, so what these updates let be learnt stays
   * counted.
   *
   * @return what was deleted and what is left
   */
  public CompletableFuture<ForgetReport> forgetMe() {
    return core.forgetMe();
  }

  /** How the client is, at once. */
  public ClientStatus status() {
    return core.status();
  }

  /** Adds a listener; the same one once only. */
  public void addListener(ClientListener listener) {
    core.addListener(listener);
  }

  /** Removes a listener. */
  public void removeListener(ClientListener listener) {
    core.removeListener(listener);
  }

  /**
   * Ends the client: the schedule, then a participation at a safe point; events that were recorded
   * are written. Waits for that, {@value #CLOSE_SECONDS_MAX} seconds at most: not for the thread of
   * a user interface.
   */
  @Override
  public void close() {
    core.close(CLOSE_SECONDS_MAX * 1_000L);
  }

  @Override
  public String toString() {
    return "TacitClient[" + status().state() + "]";
  }

  /**
   * Describes a client. Only directory, population and storage must be given; without a coordinator
   * the client recommends with the model that the app brings. For one thread.
   */
  public static final class Builder {

    private final Path directory;
    private final String population;
    private @Nullable Storage storage;
    private @Nullable CoordinatorAddress coordinator;
    private @Nullable Enrolment enrolment;
    private @Nullable PlanId plan;
    private @Nullable BundledModel model;
    private ClientPolicy policy = ClientPolicy.production();
    private Conditions conditions = Conditions.unnoticed();
    private Retention retention = Retention.defaults();
    private @Nullable Supplier<TrainingEngine> engine;
    private Executor executor = ForkJoinPool.commonPool();
    private Clock clock = Clock.systemUTC();

    private Builder(Path directory, String population) {
      this.directory = directory;
      this.population = Names.check("population", population);
    }

    /** How the client's files are kept: encrypted, unless the app says otherwise. */
    public Builder storage(Storage files) {
      this.storage = files;
      return this;
    }

    /** Where updates go and models come from. */
    public Builder coordinator(CoordinatorAddress address) {
      this.coordinator = address;
      return this;
    }

    /**
     * How the device gets the certificate without which a coordinator that other machines can reach
     * does not take it.
     *
     * @param tokens for the first certificate, from the app's backend
     * @param authorities root certificates, X.509 in PEM or DER, 1 to 16: the device takes no
     *     certificate that another authority signed; read to its end, not closed
     * @throws IllegalArgumentException if these are none, or not for Ed25519 keys
     */
    public Builder enrolment(EnrolmentTokens tokens, InputStream authorities) {
      this.enrolment = new Enrolment(tokens, PinnedTrust.keys(authorities), null);
      return this;
    }

    /** The same where the authority is apart from the coordinator, at this address. */
    public Builder enrolmentAt(
        CoordinatorAddress address, EnrolmentTokens tokens, InputStream authorities) {
      this.enrolment = new Enrolment(tokens, PinnedTrust.keys(authorities), address);
      return this;
    }

    /**
     * The training plan whose model recommends or predicts. Without it, the first over items that
     * the coordinator offers, or if there is none the first over attributes.
     *
     * @param id 1 to 64 characters of a-z 0-9 - . _
     */
    public Builder plan(String id) {
      this.plan = new PlanId(id);
      return this;
    }

    /** A model to recommend or predict with until one comes from the coordinator. */
    public Builder model(BundledModel bundle) {
      this.model = bundle;
      return this;
    }

    /** What the app allows; {@link ClientPolicy#production()} if nothing is said. */
    public Builder policy(ClientPolicy allowed) {
      this.policy = allowed;
      return this;
    }

    /** When a schedule may run; {@link Conditions#unnoticed()} if nothing is said. */
    public Builder conditions(Conditions required) {
      this.conditions = required;
      return this;
    }

    /** How much behaviour is kept; {@link Retention#defaults()} if nothing is said. */
    public Builder retention(Retention bound) {
      this.retention = bound;
      return this;
    }

    /**
     * Where the app hears of results: a thread pool, or the thread of a user interface. The common
     * pool if nothing is said.
     */
    public Builder executor(Executor results) {
      this.executor = results;
      return this;
    }

    /**
     * The engine that trains, by name. If nothing is said, the one that an artifact on the class
     * path brings, else the portable one.
     *
     * @param name {@code portable}, {@code deeplearning4j}
     */
    public Builder engine(String name) {
      this.engine = () -> TrainingEngines.named(name);
      return this;
    }

    Builder engine(Supplier<TrainingEngine> source) {
      this.engine = source;
      return this;
    }

    Builder clock(Clock time) {
      this.clock = time;
      return this;
    }

    /**
     * Starts the client. Returns at once; its files are opened meanwhile.
     *
     * @throws IllegalStateException if it was not said how the files are kept
     */
    public TacitClient build() {
      if (storage == null) {
        throw new IllegalStateException(
            "storage is not set; say storage(Storage.encrypted(password)), with a password from"
                + " where the app keeps secrets, or storage(Storage.unencrypted())");
      }
      return new TacitClient(
          new ClientSettings(
              directory,
              storage,
              population,
              coordinator,
              enrolment,
              plan,
              model,
              policy,
              conditions,
              retention,
              engine,
              executor,
              clock));
    }
  }
}
