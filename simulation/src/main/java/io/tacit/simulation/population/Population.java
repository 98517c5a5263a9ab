package io.tacit.simulation.population;

import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.behaviour.BehaviourStore;
import io.tacit.client.features.BehaviourExamples;
import io.tacit.client.identity.DeviceIdentity;
import io.tacit.client.rounds.Device;
import io.tacit.client.rounds.DeviceTimer;
import io.tacit.client.rounds.Pacing;
import io.tacit.client.rounds.RoundParticipant;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.client.storage.RoundLatch;
import io.tacit.client.storage.StoredUserVectors;
import io.tacit.client.training.ExampleSource;
import io.tacit.client.training.LocalTrainer;
import io.tacit.simulation.data.AttributeTable;
import io.tacit.simulation.evaluation.HonestSplit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The devices of a simulation, one for each user of a split, in the split's order. */
public final class Population {

  /** The kind of event that a data set's interactions become. */
  public static final String EVENT = BehaviourEvent.VIEW;

  private static final String PROFILE = "profile";

  private final List<VirtualDevice> devices;

  private Population(List<VirtualDevice> devices) {
    this.devices = List.copyOf(devices);
  }

  /** Where the chance of devices comes from. */
  public enum Chance {
    /**
     * As on real devices: keys, training order and rounding come from a secure generator, and no
     * two runs are alike.
     */
    SECURE,
    /** From the seed: the same seed gives the same run. For simulations only. */
    SEEDED
  }

  /**
   * Makes the devices and records each user's training items on its device. What is held out for
   * evaluation never gets there.
   *
   * @param split whose users
   * @param directory where each device gets one of its own
   * @param parts what they share
   * @param chance where their chance comes from
   * @param seed used with {@link Chance#SEEDED}
   */
  public static Population of(
      HonestSplit split, Path directory, DeviceParts parts, Chance chance, long seed)
      throws IOException {
    return of(split, directory, parts, chance, seed, Companion.Choice.NOBODY);
  }

  /**
   * The same with a companion for each device.
   *
   * @param companions who goes along with whom
   */
  public static Population of(
      HonestSplit split,
      Path directory,
      DeviceParts parts,
      Chance chance,
      long seed,
      Companion.Choice companions)
      throws IOException {
    AttributeTable known = AttributeTable.ofUsers(split.data());
    List<VirtualDevice> devices = new ArrayList<>(split.userCount());
    for (int user = 0; user < split.userCount(); user++) {
      Path own = directory.resolve(String.format(Locale.ROOT, "device-%05d", user));
      DeviceStorage storage = DeviceStorage.open(own);
      BehaviourStore behaviour = new BriefBehaviourStore(own.resolve("behaviour"));
      behaviour.record(events(known, split, user));
      Draws draws = chance == Chance.SEEDED ? Draws.seeded(seed, user) : Draws.secure();
      BehaviourExamples examples = new BehaviourExamples(behaviour);
      devices.add(device(user, storage, behaviour, examples, parts, draws, companions));
    }
    return new Population(devices);
  }

  /**
   * Makes devices whose examples are no behaviour, such as images; their behaviour stores stay
   * empty.
   *
   * @param examples of each device
   * @param directory where each device gets one of its own
   * @param parts what they share
   * @param seed of their chance
   * @param companions who goes along with whom
   */
  public static Population ofExamples(
      List<? extends ExampleSource> examples,
      Path directory,
      DeviceParts parts,
      long seed,
      Companion.Choice companions)
      throws IOException {
    List<VirtualDevice> devices = new ArrayList<>(examples.size());
    for (int user = 0; user < examples.size(); user++) {
      Path own = directory.resolve(String.format(Locale.ROOT, "device-%05d", user));
      devices.add(
          device(
              user,
              DeviceStorage.open(own),
              new BriefBehaviourStore(own.resolve("behaviour")),
              examples.get(user),
              parts,
              Draws.seeded(seed, user),
              companions));
    }
    return new Population(devices);
  }

  /**
   * Makes devices on which nothing has happened yet.
   *
   * @param count how many
   * @param directory where each device gets one of its own
   * @param parts what they share
   * @param seed of their chance
   */
  public static Population ofNewcomers(int count, Path directory, DeviceParts parts, long seed)
      throws IOException {
    List<VirtualDevice> devices = new ArrayList<>(count);
    for (int user = 0; user < count; user++) {
      Path own = directory.resolve(String.format(Locale.ROOT, "device-%05d", user));
      BehaviourStore behaviour = new BriefBehaviourStore(own.resolve("behaviour"));
      devices.add(
          device(
              user,
              DeviceStorage.open(own),
              behaviour,
              new BehaviourExamples(behaviour),
              parts,
              Draws.seeded(seed, user),
              Companion.Choice.NOBODY));
    }
    return new Population(devices);
  }

  private static VirtualDevice device(
      int user,
      DeviceStorage storage,
      BehaviourStore behaviour,
      ExampleSource examples,
      DeviceParts parts,
      Draws draws,
      Companion.Choice companions)
      throws IOException {
    DeviceIdentity identity = draws.identityIn(storage);
    Companion companion = companions.of(user, identity.clientId());
    LocalTrainer trainer =
        new LocalTrainer(
            companion.examples(examples),
            companion.engine(parts.engine()),
            new StoredUserVectors(storage),
            draws.trainingSeeds(),
            user);
    Device device =
        new Device(identity, new RoundLatch(storage), draws.random(), companion.bits(draws.bits()));
    return new VirtualDevice(
        user,
        storage,
        behaviour,
        new RoundParticipant(
            parts.settings(),
            device,
            parts.connection(),
            parts.artifacts(),
            trainer,
            new Pacing(DeviceTimer.system(), draws.random()::nextDouble)),
        companion.observer());
  }

  /**
   * What the app of a user knows of them, as an event; empty if the data says nothing.
   *
   * @param known of the data set's users
   */
  public static List<BehaviourEvent> profile(AttributeTable known, HonestSplit split, int user) {
    if (known.columns().isEmpty()) {
      return List.of();
    }
    BehaviourEvent profile = BehaviourEvent.withoutItem(PROFILE, Instant.EPOCH);
    List<String> cells = known.cells().get(split.dataSetUser(user));
    for (int column = 0; column < cells.size(); column++) {
      if (!cells.get(column).isEmpty()) {
        profile = profile.with(known.names().get(column), cells.get(column));
      }
    }
    return List.of(profile);
  }

  private static List<BehaviourEvent> events(AttributeTable known, HonestSplit split, int user) {
    int[] training = split.training(user);
    List<BehaviourEvent> events = new ArrayList<>(profile(known, split, user));
    for (int i = 0; i < training.length; i++) {
      events.add(
          BehaviourEvent.of(
              EVENT, split.data().items().get(training[i]).externalId(), Instant.ofEpochSecond(i)));
    }
    return events;
  }

  /** All devices; index = index of the user in the split. */
  public List<VirtualDevice> devices() {
    return devices;
  }
}
