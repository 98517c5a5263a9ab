package io.tacit.client.release;

import io.tacit.client.connection.ConnectionException;
import io.tacit.protocol.ContentHash;
import java.time.Duration;

/** How an attempt to get the current model ended. Whatever went wrong, the model before stays. */
public sealed interface ModelDownloadOutcome {

  /**
   * The device recommends with it now.
   *
   * @param modelHash SHA-256 of the model file
   */
  record Installed(ContentHash modelHash) implements ModelDownloadOutcome {}

  /** The device recommends with the current model already; nothing was fetched. */
  record UpToDate() implements ModelDownloadOutcome {}

  /** The population has no model (of the wanted plan) to recommend with. */
  record NothingOffered() implements ModelDownloadOutcome {}

  /**
   * What was offered is not for this device, or not what it was said to be.
   *
   * @param reason for code
   * @param detail for people: what, and what to do
   */
  record Refused(Reason reason, String detail) implements ModelDownloadOutcome {}

  /** Why a model is refused. */
  enum Reason {
    /** The device has a newer version of the same plan or its model: ask again later. */
    OLDER_VERSION,
    /** The plan is not signed, or not by a key that the app pins, or was altered since. */
    PLAN_UNTRUSTED,
    /** The plan has ended. */
    PLAN_EXPIRED,
    /** The plan is older than one that this device has seen. */
    PLAN_OLDER,
    /** The plan's owner has not released the model, and the app pins a task key. */
    NOT_RELEASED,
    /** The release is not signed by a key that the app pins, or was altered since. */
    RELEASE_UNTRUSTED,
    /** The release is older than one that this device has seen. */
    RELEASE_OLDER,
    /** The release is for a share of the devices that this one is not in. */
    RELEASE_FOR_OTHERS,
    /** The plan is of another population, or another than was announced. */
    FOREIGN_PLAN,
    /** It is larger than the app's settings allow. */
    TOO_LARGE,
    /** The coordinator announced a file that it does not have: ask again later. */
    MISSING,
    /** The bytes have another hash than was announced. */
    WRONG_HASH,
    /** The plan asks for what only a newer version of the SDK knows. */
    PLAN_TOO_NEW,
    /** Plan, catalogue and model do not fit each other, or are damaged. */
    UNUSABLE
  }

  /**
   * The coordinator could not be reached, or not be understood.
   *
   * @param reason for code; with {@code INTERRUPTED} the thread's flag is set
   * @param detail for people
   * @param retryAfter how long to wait at least before the next try
   */
  record NoConnection(ConnectionException.Reason reason, String detail, Duration retryAfter)
      implements ModelDownloadOutcome {}
}
