package io.tacit.e2e.app;

import io.tacit.client.Participation;
import io.tacit.client.Storage;
import io.tacit.client.TacitClient;
import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.behaviour.Retention;
import io.tacit.client.ledger.LedgerEntry;
import io.tacit.client.policy.ClientPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * A shop's app: numbers its events, records some before it takes part and some meanwhile, takes
 * part until it has contributed, recommends, and leaves when its input ends. Lines: {@code begun},
 * {@code sent ROUND RESULT} for each entry of the ledger, {@code opened}, {@code recorded NUMBER},
 * {@code step}, {@code result}, {@code model}, {@code status}, {@code recommended COUNT}, {@code
 * done}, {@code closed}.
 */
public final class ShopApp {

  /** Opens the key store beside its directory. */
  public static final String PASSWORD = "of the shop's device";

  /** The population that it belongs to. */
  public static final String POPULATION = "soak";

  /** The kind of event that it records. */
  public static final String EVENT = BehaviourEvent.CLICK;

  /** The attribute with an event's number. */
  public static final String NUMBER = "number";

  /** Events are on so many items, so that there are others to recommend. */
  public static final int ITEMS_KNOWN = 20;

  /** Events that it records before it takes part. */
  public static final int EVENTS_BEFORE = 10;

  /** Events that it records at most. */
  public static final int EVENTS_MAX = 60;

  /** How much it keeps: little, so that old events are dropped while it runs. */
  public static final Retention RETENTION = Retention.latest(300);

  private static final long RECORD_EVERY_MILLIS = 5;
  private static final long WAIT_MILLIS_MAX = 200;

  private final TacitClient client;
  private long next;

  /** When it is there, all earlier ones are. */
  private volatile CompletableFuture<Void> latest = CompletableFuture.completedFuture(null);

  private ShopApp(TacitClient client, long first) {
    this.client = client;
    this.next = first;
  }

  /**
   * @param arguments directory, coordinator (see {@link Coordinators}), number of the first event
   */
  public static void main(String[] arguments) throws Exception {
    Printed.line("begun");
    ExecutorService results = Executors.newSingleThreadExecutor();
    ScheduledExecutorService person = Executors.newSingleThreadScheduledExecutor();
    try (TacitClient client = client(arguments, results)) {
      client.addListener(new Printed());
      new ShopApp(client, Long.parseLong(arguments[2])).run(person);
      while (System.in.read() >= 0) {
        // It stays open until nobody holds its input.
      }
    } finally {
      person.shutdownNow();
      results.shutdown();
    }
    Printed.line("closed");
  }

  private static TacitClient client(String[] arguments, ExecutorService results)
      throws IOException {
    return TacitClient.builder(Path.of(arguments[0]), POPULATION)
        .storage(Storage.encrypted(PASSWORD.toCharArray()))
        .coordinator(Coordinators.of(arguments[1]))
        .policy(ClientPolicy.development())
        .retention(RETENTION)
        .executor(results)
        .build();
  }

  private void run(ScheduledExecutorService person) throws InterruptedException {
    for (LedgerEntry entry : client.ledger().join().entries()) {
      Printed.line("sent " + entry.round() + " " + entry.result());
    }
    Printed.line("opened");
    CompletableFuture<?>[] before = new CompletableFuture<?>[EVENTS_BEFORE];
    for (int i = 0; i < EVENTS_BEFORE; i++) {
      before[i] = record();
    }
    CompletableFuture.allOf(before).join();
    long last = next + EVENTS_MAX - EVENTS_BEFORE;
    ScheduledFuture<?> recording =
        person.scheduleAtFixedRate(
            () -> {
              if (next < last) {
                latest = record();
              }
            },
            0,
            RECORD_EVERY_MILLIS,
            TimeUnit.MILLISECONDS);
    contribute();
    recording.cancel(false);
    latest.join();
    Printed.line("recommended " + client.recommend(5).join().items().size());
    Printed.line("done");
  }

  private CompletableFuture<Void> record() {
    long number = next++;
    return client
        .record(
            BehaviourEvent.of(EVENT, itemOf(number), Instant.now()).with(NUMBER, (double) number))
        .thenRun(() -> Printed.line("recorded " + number));
  }

  /** The item that an event is on. */
  public static String itemOf(long number) {
    return "item-" + number % ITEMS_KNOWN;
  }

  private void contribute() throws InterruptedException {
    Participation participation = client.participate().join();
    while (!participation.hasContributed()) {
      TimeUnit.MILLISECONDS.sleep(Math.min(WAIT_MILLIS_MAX, participation.nextAfter().toMillis()));
      participation = client.participate().join();
    }
  }
}
