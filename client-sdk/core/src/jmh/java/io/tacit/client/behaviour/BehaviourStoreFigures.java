package io.tacit.client.behaviour;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a store of 1,000,000 events costs: opening, recording without and with fsync (beside the
 * time of a plain append and fsync on the same disk), and reading; encrypted, and with the argument
 * {@code unencrypted} without. Every figure is of this run; the load is printed with it.
 */
public final class BehaviourStoreFigures {

  private static final int EVENTS = Retention.EVENTS_MAX;
  private static final int BATCH = 10_000;
  private static final int PLAIN_RECORDS = 100_000;
  private static final int DURABLE_RECORDS = 1_000;
  private static final int OPENINGS = 21;

  private BehaviourStoreFigures() {}

  /** Uses a new directory below the working directory, and deletes it. */
  public static void main(String[] arguments) throws IOException {
    Stores.encrypted = !List.of(arguments).contains("unencrypted");
    Path directory = Files.createTempDirectory(Path.of("").toAbsolutePath(), "store-figures-");
    try {
      fill(directory.resolve("store"));
      openings(directory.resolve("store"));
      try (FileBehaviourStore store = open(directory.resolve("store"))) {
        recordings(store);
        fsyncs(store, directory.resolve("plain"));
        readings(store);
      }
      small(directory.resolve("small"));
    } finally {
      delete(directory);
    }
    System.out.printf(
        Locale.ROOT,
        "load %.1f%n",
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  private static FileBehaviourStore open(Path directory) throws IOException {
    return Stores.open(directory, Retention.latest(EVENTS), Clock.systemUTC());
  }

  private static BehaviourEvent event(int i) {
    return BehaviourEvent.click("item-" + i % 5_000, Instant.ofEpochSecond(1_700_000_000L + i))
        .with("price", i % 100)
        .with("category", "shoes");
  }

  private static void fill(Path directory) throws IOException {
    try (FileBehaviourStore store = open(directory)) {
      for (int i = 0; i < EVENTS; i += BATCH) {
        List<BehaviourEvent> batch = new ArrayList<>(BATCH);
        for (int j = i; j < i + BATCH; j++) {
          batch.add(event(j));
        }
        store.record(batch);
      }
      store.sync();
      System.out.printf(
          Locale.ROOT, "%,d events, %.1f MB on disk%n", store.count(), store.bytes() / 1e6);
    }
  }

  private static void openings(Path directory) throws IOException {
    long[] nanos = new long[OPENINGS];
    for (int i = 0; i < OPENINGS; i++) {
      long start = System.nanoTime();
      FileBehaviourStore store = open(directory);
      nanos[i] = System.nanoTime() - start;
      store.close();
    }
    System.out.printf(
        Locale.ROOT, "open, the first time in the process: %.2f ms%n", nanos[0] / 1e6);
    print("open", nanos);
  }

  private static void recordings(FileBehaviourStore store) throws IOException {
    long[] nanos = new long[PLAIN_RECORDS];
    for (int i = 0; i < PLAIN_RECORDS; i++) {
      BehaviourEvent event = event(i);
      long start = System.nanoTime();
      store.record(event);
      nanos[i] = System.nanoTime() - start;
    }
    print("record without fsync", nanos);
  }

  /** In turns, so that both meet the same disk. */
  private static void fsyncs(FileBehaviourStore store, Path plainFile) throws IOException {
    long[] durable = new long[DURABLE_RECORDS];
    long[] plain = new long[DURABLE_RECORDS];
    byte[] bytes = new byte[65];
    store.sync();
    try (FileChannel channel =
        FileChannel.open(plainFile, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.force(true);
      for (int i = 0; i < DURABLE_RECORDS; i++) {
        List<BehaviourEvent> event = List.of(event(i));
        long start = System.nanoTime();
        store.recordDurably(event);
        long middle = System.nanoTime();
        channel.write(ByteBuffer.wrap(bytes));
        channel.force(false);
        durable[i] = middle - start;
        plain[i] = System.nanoTime() - middle;
      }
    }
    print("record with fsync", durable);
    print("plain append of 65 bytes and fdatasync, the limit", plain);
  }

  private static void readings(FileBehaviourStore store) throws IOException {
    long[] nanos = new long[1_000];
    for (int i = 0; i < nanos.length; i++) {
      store.record(event(i));
      long start = System.nanoTime();
      store.events();
      nanos[i] = System.nanoTime() - start;
    }
    print("the window of events() after one more was recorded", nanos);
    for (int i = 0; i < 3; i++) {
      long start = System.nanoTime();
      int window = store.latest(BehaviourStore.WINDOW_EVENTS).size();
      long middle = System.nanoTime();
      int intact = store.scan(event -> {}).eventsIntact();
      System.out.printf(
          Locale.ROOT,
          "latest %,d: %.1f ms; scan of %,d: %.0f ms%n",
          window,
          (middle - start) / 1e6,
          intact,
          (System.nanoTime() - middle) / 1e6);
    }
  }

  /** What a device of a simulation does: open, read 50 events, close. */
  private static void small(Path directory) throws IOException {
    try (FileBehaviourStore store = open(directory)) {
      for (int i = 0; i < 50; i++) {
        store.record(event(i));
      }
    }
    long[] nanos = new long[2_000];
    for (int i = 0; i < nanos.length; i++) {
      long start = System.nanoTime();
      try (FileBehaviourStore store = open(directory)) {
        store.events();
      }
      nanos[i] = System.nanoTime() - start;
    }
    print("open, read 50 events, close", nanos);
  }

  private static void print(String what, long[] nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    System.out.printf(
        Locale.ROOT,
        "%s: mean %.1f us, median %.1f us, 99 %% %.1f us, most %.1f us (%,d times)%n",
        what,
        Arrays.stream(nanos).average().orElse(0) / 1e3,
        sorted[nanos.length / 2] / 1e3,
        sorted[nanos.length * 99 / 100] / 1e3,
        sorted[nanos.length - 1] / 1e3,
        nanos.length);
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
        Files.delete(file);
      }
    }
  }
}
