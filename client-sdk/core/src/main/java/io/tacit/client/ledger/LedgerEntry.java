package io.tacit.client.ledger;

import io.tacit.client.storage.Charge;
import io.tacit.protocol.Internal;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.RoundId;
import java.text.NumberFormat;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One update that left the device, or was about to. Immutable. */
public final class LedgerEntry {

  /** What became of an update. */
  public enum Result {
    /** It was about to leave, and nothing more is known: it may have arrived. */
    UNKNOWN,
    /** It is part of a new model. */
    CONTRIBUTED,
    /** The round ended without using it. */
    NOT_USED
  }

  /** How an update was protected on its way. */
  public enum Protection {
    /** In the clear for the coordinator, as development allows. */
    PLAIN("in the clear, as this app's development policy allows"),
    /** Masked: the coordinator learns the sum over the devices of its session. */
    SECURE("masked, so that only the sum over all of its session is seen");

    private final String words;

    Protection(String words) {
      this.words = words;
    }
  }

  /** What the fields of a line are called in the export. */
  private static final List<String> NAMES =
      List.of(
          "at",
          "plan",
          "planVersion",
          "round",
          "protection",
          "bytes",
          "clipNorm",
          "rosterSize",
          "result",
          "contributors",
          "record",
          "recordHash",
          "noiseMultiplier",
          "sessionNoiseMultiplier",
          "delta",
          "sensitivity",
          "metrics");

  /** Which of them are no numbers. */
  private static final Set<Integer> TEXTS = Set.of(0, 1, 4, 8, 10, 11);

  private static final int RECORD_HASH = 11;

  private static final int FIELDS = 17;

  private static final int FIELDS_WITHOUT_METRICS = 16;

  /** Lines from before there were metrics, noise, and records of rounds. */
  private static final Set<Integer> OLD_FIELDS = Set.of(FIELDS_WITHOUT_METRICS, 12, 9);

  private final Instant at;
  private final RoundId round;
  private final int planVersion;
  private final Protection protection;
  private final int bytes;
  private final double clipNorm;
  private final int rosterSize;
  private final Charge charge;
  private final double sensitivity;
  private final boolean metrics;
  private final Result result;
  private final Receipt receipt;

  private LedgerEntry(
      Instant at,
      RoundId round,
      int planVersion,
      Protection protection,
      int bytes,
      double clipNorm,
      int rosterSize,
      Charge charge,
      double sensitivity,
      boolean metrics,
      Result result,
      Receipt receipt) {
    this.at = at;
    this.round = round;
    this.planVersion = planVersion;
    this.protection = protection;
    this.bytes = bytes;
    this.clipNorm = clipNorm;
    this.rosterSize = rosterSize;
    this.charge = charge;
    this.sensitivity = sensitivity;
    this.metrics = metrics;
    this.result = result;
    this.receipt = receipt;
  }

  /**
   * An update that is about to leave.
   *
   * @param at when, by the device's clock
   * @param round it is for
   * @param planVersion of the round's plan
   * @param protection on its way
   * @param bytes of the encoded update
   * @param clipNorm bound of its L2 norm
   * @param rosterSize devices in the session, this one included
   * @param charge how much noise hides it
   * @param sensitivity by how much it can change a sum
   * @param metrics whether it tells how well the round's model did on this device
   */
  @Internal
  public static LedgerEntry leaving(
      Instant at,
      RoundId round,
      int planVersion,
      Protection protection,
      int bytes,
      double clipNorm,
      int rosterSize,
      Charge charge,
      double sensitivity,
      boolean metrics) {
    return new LedgerEntry(
        Instant.ofEpochMilli(at.toEpochMilli()),
        round,
        planVersion,
        protection,
        bytes,
        clipNorm,
        rosterSize,
        charge,
        sensitivity,
        metrics,
        Result.UNKNOWN,
        Receipt.NONE);
  }

  LedgerEntry with(Result newResult, Receipt newReceipt) {
    return new LedgerEntry(
        at,
        round,
        planVersion,
        protection,
        bytes,
        clipNorm,
        rosterSize,
        charge,
        sensitivity,
        metrics,
        newResult,
        newReceipt);
  }

  /** When it was about to leave, by the device's clock, to the millisecond. */
  public Instant at() {
    return at;
  }

  /** The training plan that asked for it. */
  public String plan() {
    return round.plan().toString();
  }

  /** Version of that plan. */
  public int planVersion() {
    return planVersion;
  }

  /** Number of the round, from 1. */
  public long round() {
    return round.number();
  }

  RoundId roundId() {
    return round;
  }

  /** How it was protected on its way. */
  public Protection protection() {
    return protection;
  }

  /** Bytes of the encoded update. */
  public int bytes() {
    return bytes;
  }

  /** Bound of its L2 norm: how much one device can say at most. */
  public double clipNorm() {
    return clipNorm;
  }

  /** Devices in the session, this one included. */
  public int rosterSize() {
    return rosterSize;
  }

  /**
   * By how much it can change a sum at the most, in the unit of the updates: its clip norm, after
   * rounding where the plan has noise.
   */
  public double sensitivity() {
    return sensitivity;
  }

  /**
   * Whether it told, beside what was learnt, how well the model that the round began with did on
   * examples of this device.
   */
  public boolean metrics() {
    return metrics;
  }

  /**
   * Noise of what is published over what this device can change in it, its update and what it
   * measured taken together; 0 without noise.
   */
  public double noiseMultiplier() {
    return charge.noiseMultiplier();
  }

  /** The same of what the coordinator sees; 0 without noise. */
  public double sessionNoiseMultiplier() {
    return charge.shardNoiseMultiplier();
  }

  /** Probability that the plan gives away; 0 without noise. */
  public double delta() {
    return charge.delta();
  }

  /** What became of it. */
  public Result result() {
    return result;
  }

  /** What is known of the round that it went into. */
  public Receipt receipt() {
    return receipt;
  }

  /** A sentence or two for people, in English. */
  public String text() {
    return metrics
        ? courseText()
            + " Its report says how well the model that the round began with did on this device."
        : courseText();
  }

  private String courseText() {
    String what =
        "An update of "
            + NumberFormat.getIntegerInstance(Locale.ENGLISH).format(bytes)
            + " bytes for round "
            + round.number()
            + " of "
            + round.plan();
    return switch (result) {
      case UNKNOWN -> what + " was about to leave " + protection.words + "; it may have arrived.";
      case CONTRIBUTED ->
          what
              + " left "
              + protection.words
              + ", with those of "
              + (rosterSize - 1)
              + " other devices; it is in the sum that made the new model."
              + noiseText()
              + receipt.text();
      case NOT_USED ->
          what + " left " + protection.words + "; the round ended without a new model from it.";
    };
  }

  /** Both numbers or none. */
  private String noiseText() {
    return charge.noiseMultiplier() == 0
        ? ""
        : String.format(
            Locale.ROOT,
            metrics
                ? " Noise hides it and its report: %.2f times what both can change in the model,"
                    + " %.2f times in what the coordinator sees."
                : " Noise hides it: %.2f times what it can change in the model, %.2f times in what"
                    + " the coordinator sees.",
            charge.noiseMultiplier(),
            charge.shardNoiseMultiplier());
  }

  /** One line of the ledger's file: a field for each of {@link #NAMES}. */
  String toLine() {
    return String.join(
        "\t",
        String.valueOf(at.toEpochMilli()),
        round.plan().value(),
        String.valueOf(planVersion),
        String.valueOf(round.number()),
        protection.name(),
        String.valueOf(bytes),
        String.valueOf(clipNorm),
        String.valueOf(rosterSize),
        result.name(),
        receipt.toFields(),
        String.valueOf(charge.noiseMultiplier()),
        String.valueOf(charge.shardNoiseMultiplier()),
        String.valueOf(charge.delta()),
        String.valueOf(sensitivity),
        String.valueOf(metrics));
  }

  /** An element of the export's "entries". */
  String toJson() {
    String[] fields = toLine().split("\t");
    fields[0] = at.toString();
    StringBuilder json = new StringBuilder();
    for (int i = 0; i < FIELDS; i++) {
      String value = TEXTS.contains(i) ? "\"" + fields[i] + "\"" : fields[i];
      json.append(i == 0 ? "{\"" : ",\"").append(NAMES.get(i)).append("\":");
      json.append(i == RECORD_HASH && !receipt.recordHash().isPresent() ? "null" : value);
    }
    return json.append('}').toString();
  }

  /**
   * @throws IllegalArgumentException if the line is none of {@link #toLine}
   */
  static LedgerEntry fromLine(String line) {
    String[] fields = line.split("\t", -1);
    if (fields.length != FIELDS && !OLD_FIELDS.contains(fields.length)) {
      throw new IllegalArgumentException(
          "ledger line has " + fields.length + " fields, must be " + FIELDS);
    }
    boolean isOld = fields.length < FIELDS_WITHOUT_METRICS;
    return new LedgerEntry(
        Instant.ofEpochMilli(Long.parseLong(fields[0])),
        new RoundId(new PlanId(fields[1]), Long.parseLong(fields[3])),
        Integer.parseInt(fields[2]),
        Protection.valueOf(fields[4]),
        Integer.parseInt(fields[5]),
        Double.parseDouble(fields[6]),
        Integer.parseInt(fields[7]),
        isOld
            ? Charge.WITHOUT_NOISE
            : new Charge(
                Double.parseDouble(fields[12]),
                Double.parseDouble(fields[13]),
                Double.parseDouble(fields[14])),
        Double.parseDouble(fields[isOld ? 6 : 15]),
        fields.length == FIELDS && truth(fields[16]),
        Result.valueOf(fields[8]),
        fields.length > 9 ? Receipt.fromFields(fields[9], fields[10], fields[11]) : Receipt.NONE);
  }

  private static boolean truth(String field) {
    boolean isTrue = field.equals("true");
    if (!isTrue && !field.equals("false")) {
      throw new IllegalArgumentException(
          "ledger line ends with \"" + field + "\", must be true or false");
    }
    return isTrue;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LedgerEntry that && toLine().equals(that.toLine());
  }

  @Override
  public int hashCode() {
    return toLine().hashCode();
  }

  @Override
  public String toString() {
    return at + ": " + text();
  }
}
