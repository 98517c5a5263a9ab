package io.tacit.client.secagg;

/** Leaves the nested steps of this package with the reason for which the device leaves. */
final class LeaveException extends Exception {

  private static final long serialVersionUID = 1;

  private final AbortReason reason;
  private final int accused;

  LeaveException(AbortReason reason, int accused, String detail) {
    super(detail, null, false, false);
    this.reason = reason;
    this.accused = accused;
  }

  LeaveException(AbortReason reason, String detail) {
    this(reason, 0, detail);
  }

  <T> Step.Leave<T> toStep() {
    return new Step.Leave<>(reason, accused, String.valueOf(getMessage()));
  }
}
