package io.tacit.client.release;

import io.tacit.client.release.ModelDownloadOutcome.Reason;

/** Leaves the nested steps of a download with a refusal. Stays inside this package. */
final class RefusedException extends Exception {

  private static final long serialVersionUID = 1;

  private final Reason reason;
  private final String detail;

  RefusedException(Reason reason, String detail) {
    super(detail);
    this.reason = reason;
    this.detail = detail;
  }

  ModelDownloadOutcome toOutcome() {
    return new ModelDownloadOutcome.Refused(reason, detail);
  }
}
