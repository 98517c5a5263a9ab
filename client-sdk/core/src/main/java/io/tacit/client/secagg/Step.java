package io.tacit.client.secagg;

/** What a device does after something was published: it answers, or it leaves. */
public sealed interface Step<T> {

  /**
   * It goes on.
   *
   * @param message to send
   */
  record Send<T>(T message) implements Step<T> {

    /** Prints no content. */
    @Override
    public String toString() {
      return "Send[" + message.getClass().getSimpleName() + "]";
    }
  }

  /**
   * It leaves; its secrets of the session are erased.
   *
   * @param reason for code
   * @param accused index on the roster of the member whose message was bad, 0 if it is nobody's
   * @param detail for people
   */
  record Leave<T>(AbortReason reason, int accused, String detail) implements Step<T> {}
}
