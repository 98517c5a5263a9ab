package io.tacit.client.ledger;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What has left a device, at one moment: the latest updates, and what all of them together let be
 * learnt. Immutable.
 */
public final class Ledger {

  private final List<LedgerEntry> entries;
  private final PrivacyTotals totals;

  Ledger(List<LedgerEntry> entries, PrivacyTotals totals) {
    this.entries = entries;
    this.totals = totals;
  }

  /**
   * The latest updates, the latest first, at most {@value PrivacyLedger#ENTRIES_MAX}. Unmodifiable.
   */
  public List<LedgerEntry> entries() {
    return entries;
  }

  /** What all updates say together, those included that are no longer listed. */
  public PrivacyTotals totals() {
    return totals;
  }

  /** All of it for people, in English: the totals, what they assume, and a line for each update. */
  public String exportText() {
    StringBuilder text = new StringBuilder(totals.text()).append('\n');
    for (String assumption : totals.assumptions()) {
      text.append("- ").append(assumption).append('\n');
    }
    for (LedgerEntry entry : entries) {
      text.append(entry.at()).append("  ").append(entry.text()).append('\n');
    }
    long others = totals.participations() - entries.size();
    if (others > 0) {
      text.append("Counted and no longer listed: ").append(others).append(".\n");
    }
    return text.toString();
  }

  /**
   * All of it for programs, as a JSON object:
   *
   * <pre>
   * format    "tacit-ledger/1"; members may be added under it, none changes
   * totals    participations, bytes: whole numbers
   *           delta: number, 0 if no plan with noise was among them
   *           epsilonModels, epsilonCoordinator: numbers, or "unbounded"
   *           modelsUnboundedSince, coordinatorUnboundedSince: "YYYY-MM-DD", or null
   *           assumptions: strings
   * entries   the latest first; of each
   *           at: time in UTC, ISO 8601;  plan: string;  planVersion, round: whole numbers
   *           protection, result, record: names as in {@link LedgerEntry} and {@link Receipt}
   *           bytes, rosterSize, contributors: whole numbers
   *           clipNorm, sensitivity, noiseMultiplier, sessionNoiseMultiplier, delta: numbers
   *           recordHash: 64 hex digits, or null;  metrics: true or false
   * </pre>
   */
  public String exportJson() {
    // No text in it needs an escape: names, numbers, times, plan ids and our own sentences.
    return "{\"format\":\"tacit-ledger/1\",\"totals\":"
        + totals.toJson()
        + ",\"entries\":["
        + entries.stream().map(LedgerEntry::toJson).collect(Collectors.joining(","))
        + "]}";
  }

  /** Prints no entries. */
  @Override
  public String toString() {
    return "Ledger[" + entries.size() + " entries of " + totals.participations() + "]";
  }
}
