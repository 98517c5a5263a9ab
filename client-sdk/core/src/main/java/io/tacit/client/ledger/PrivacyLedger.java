package io.tacit.client.ledger;

import io.tacit.client.storage.CorruptFileException;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.client.storage.RoundLatch;
import io.tacit.protocol.Internal;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.RoundId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The list of updates that left a device, beside what they cost, which the {@link RoundLatch}
 * counts.
 *
 * <p>Guarantee: an entry is on disk when {@link #leaving} returns, which is before its update
 * leaves; after a crash it stands there with result UNKNOWN. Keeps the latest {@value
 * #ENTRIES_MAX}; what an earlier one cost stays counted, as it does when the device forgets.
 * Thread-safe.
 */
@Internal
public final class PrivacyLedger {

  /** Entries that are kept; earlier ones go. */
  public static final int ENTRIES_MAX = 1_000;

  private static final String FILE = "ledger";
  private static final int FILE_BYTES_MAX = 1 << 20;

  private final DeviceStorage storage;
  private final RoundLatch latch;
  private final List<LedgerEntry> entries;

  private PrivacyLedger(DeviceStorage storage, List<LedgerEntry> entries) {
    this.storage = storage;
    this.latch = new RoundLatch(storage);
    this.entries = entries;
  }

  /**
   * The ledger in a device's storage.
   *
   * @throws CorruptFileException if its file is damaged: what left the device is not forgotten
   *     silently
   * @throws IOException if the storage fails
   */
  public static PrivacyLedger open(DeviceStorage storage) throws IOException {
    List<LedgerEntry> entries = new ArrayList<>();
    Optional<byte[]> file = storage.read(FILE, FILE_BYTES_MAX);
    if (file.isPresent() && file.get().length > 0) {
      try {
        for (String line : new String(file.get(), StandardCharsets.UTF_8).split("\n")) {
          entries.add(LedgerEntry.fromLine(line));
        }
      } catch (IllegalArgumentException e) {
        throw new CorruptFileException(storage.file(FILE), "is not a ledger: " + e.getMessage());
      }
    }
    return new PrivacyLedger(storage, entries);
  }

  /**
   * Notes that an update is about to leave.
   *
   * @throws IOException if that could not be written; the update must not leave then
   */
  public synchronized void leaving(LedgerEntry entry) throws IOException {
    List<LedgerEntry> next = new ArrayList<>(entries);
    next.add(entry);
    if (next.size() > ENTRIES_MAX) {
      next.remove(0);
    }
    replace(next);
  }

  /**
   * Notes what became of the update of a round, if one left, and what is known of the round.
   *
   * @throws IOException if that could not be written; the entry says UNKNOWN then
   */
  public synchronized void ended(RoundId round, LedgerEntry.Result result, Receipt receipt)
      throws IOException {
    List<LedgerEntry> next = new ArrayList<>(entries);
    for (int i = next.size() - 1; i >= 0; i--) {
      if (next.get(i).roundId().equals(round)) {
        next.set(i, next.get(i).with(result, receipt));
        replace(next);
        return;
      }
    }
  }

  /** The same where nothing is known of the round. */
  public void ended(RoundId round, LedgerEntry.Result result) throws IOException {
    ended(round, result, Receipt.NONE);
  }

  private void replace(List<LedgerEntry> next) throws IOException {
    String lines = next.stream().map(LedgerEntry::toLine).collect(Collectors.joining("\n"));
    storage.write(FILE, lines.getBytes(StandardCharsets.UTF_8));
    entries.clear();
    entries.addAll(next);
  }

  /** All entries, the latest first. */
  public synchronized List<LedgerEntry> entries() {
    List<LedgerEntry> latestFirst = new ArrayList<>(entries);
    java.util.Collections.reverse(latestFirst);
    return java.util.Collections.unmodifiableList(latestFirst);
  }

  /**
   * All that is known.
   *
   * @throws CorruptFileException as {@link #requireCounted}, or if a count is damaged
   * @throws IOException if the storage fails
   */
  public Ledger read() throws IOException {
    requireCounted();
    return new Ledger(entries(), PrivacyTotals.of(latch.spent()));
  }

  /**
   * Makes sure that everything listed is counted too. A round is spent, and counted, before its
   * entry is written, so one that is listed and not spent shows that the count was set back.
   *
   * @throws CorruptFileException if so: nothing more may leave
   */
  public void requireCounted() throws IOException {
    Map<PlanId, RoundId> last = new HashMap<>();
    for (LedgerEntry entry : entries()) {
      RoundId before = last.get(entry.roundId().plan());
      if (before == null || before.number() < entry.round()) {
        last.put(entry.roundId().plan(), entry.roundId());
      }
    }
    for (RoundId round : last.values()) {
      latch.requireSpent(round);
    }
  }

  /** Prints no entries. */
  @Override
  public synchronized String toString() {
    return "PrivacyLedger[" + entries.size() + "]";
  }
}
