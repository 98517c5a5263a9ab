package io.tacit.client.ledger;

import io.tacit.client.storage.CorruptFileException;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.protocol.Internal;
import io.tacit.protocol.RoundId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The list of updates that left a device.
 *
 * <p>Guarantee: an entry is on disk when {@link #leaving} returns, which is before its update
 * leaves; after a crash it stands there with result UNKNOWN. Keeps the latest {@value
 * #ENTRIES_MAX}. Thread-safe.
 */
@Internal
public final class PrivacyLedger {

  /** Entries that are kept; earlier ones go. */
  public static final int ENTRIES_MAX = 1_000;

  private static final String FILE = "ledger";
  private static final int FILE_BYTES_MAX = 1 << 20;

  private final DeviceStorage storage;
  private final List<LedgerEntry> entries;

  private PrivacyLedger(DeviceStorage storage, List<LedgerEntry> entries) {
    this.storage = storage;
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

  /** Prints no entries. */
  @Override
  public synchronized String toString() {
    return "PrivacyLedger[" + entries.size() + "]";
  }
}
