package io.tacit.protocol;

/** The limits of the wire contract, the same on both sides. Everything has one. */
public final class WireLimits {

  /** Data bytes in one chunk of an upload or download. */
  public static final int CHUNK_BYTES_MAX = 256 * 1024;

  /**
   * Bytes of the body of a signed stage message: the key shares of the first of 128 devices in
   * suite 2 have 127 boxes of 2 267 bytes.
   */
  public static final int SIGNED_BODY_BYTES_MAX = 304 * 1024;

  /** Bytes of one gRPC message to the coordinator: a signed body or a chunk, and its envelope. */
  public static final int MESSAGE_BYTES_MAX = SIGNED_BODY_BYTES_MAX + 16 * 1024;

  /** Bytes of an advertisement: two keys of suite 2, a certificate, and what binds them. */
  public static final int ADVERTISEMENT_BYTES_MAX = 5 * 1024;

  /** Bytes of what a survivor reveals: 128 shares of 32 bytes, and what binds them. */
  public static final int REVEALED_SHARES_BYTES_MAX = 8 * 1024;

  /** Bytes of a set of signatures of survivors: 128 of 64 bytes, with their indices. */
  public static final int SIGNATURE_SET_BYTES_MAX = 16 * 1024;

  /** Bytes of a revocation list in DER. */
  public static final int REVOCATION_LIST_BYTES_MAX = 128 * 1024;

  /** Bytes of one gRPC message to a device: a roster of 128 devices and a revocation list. */
  public static final int ANSWER_BYTES_MAX =
      128 * (ADVERTISEMENT_BYTES_MAX + 128) + REVOCATION_LIST_BYTES_MAX;

  /** Bytes of the record of a round: the advertisements of 20 000 devices, and what they signed. */
  public static final int ROUND_RECORD_BYTES_MAX = 128 * 1024 * 1024;

  /** Sessions of one round: 20 000 devices in the smallest shards. */
  public static final int SESSIONS_MAX = 2_000;

  /** Parameters of a model: 16 Mi, i.e. 64 MiB of float32. */
  public static final int PARAMETERS_MAX = 16 * 1024 * 1024;

  /** 32-bit lanes in front of the payload of an update. */
  public static final int HEADER_LANES = 16;

  /** Groups of devices whose metrics a plan sums. */
  public static final int METRIC_GROUPS_MAX = 17;

  /** 32-bit lanes of one group's metrics behind the payload. */
  public static final int METRIC_GROUP_LANES = 3;

  /** Bytes of the largest update. */
  public static final long UPDATE_BYTES_MAX =
      4L * (HEADER_LANES + PARAMETERS_MAX + METRIC_GROUP_LANES * METRIC_GROUPS_MAX);

  /** Bytes of a serialised plan. */
  public static final int PLAN_BYTES_MAX = 1024 * 1024;

  /** Bytes of a catalogue. */
  public static final int CATALOGUE_BYTES_MAX = 64 * 1024 * 1024;

  /** Milliseconds that the server may hold an Await. */
  public static final int AWAIT_HOLD_MILLIS_MAX = 25_000;

  /** Clients on one roster. */
  public static final int ROSTER_MAX = 20_000;

  /** Kinds of model that a device may name. */
  public static final int MODEL_KINDS_MAX = 16;

  /** Current models of one population in one answer. */
  public static final int CURRENT_MODELS_MAX = 32;

  /** Bytes of a signed release. */
  public static final int RELEASE_BYTES_MAX = 1024;

  /** Characters of a bootstrap token. */
  public static final int BOOTSTRAP_TOKEN_LENGTH_MAX = 2_048;

  /** Characters of a call token. */
  public static final int CALL_TOKEN_LENGTH_MAX = 512;

  /** Bytes of a device's certificate in DER. */
  public static final int CERTIFICATE_BYTES_MAX = 2_048;

  /** Bytes of a request for a certificate in DER. */
  public static final int CERTIFICATE_REQUEST_BYTES_MAX = 4_096;

  /** Bytes of evidence for where a key lives. */
  public static final int EVIDENCE_BYTES_MAX = 16_384;

  /** Bytes of a signature: 64 of Ed25519, up to 72 of ECDSA P-256 in DER. */
  public static final int SIGNATURE_BYTES_MAX = 80;

  private WireLimits() {}

  /** Bytes of an update or a sum of so many lanes, header included. */
  public static long updateBytes(int lanes) {
    return (long) Integer.BYTES * lanes;
  }
}
