package io.tacit.client.recommend;

import io.tacit.protocol.Internal;

/** What became of a model that was to be installed. */
@Internal
public sealed interface InstallOutcome {

  /** It is the model to recommend with, and on disk. */
  record Installed() implements InstallOutcome {}

  /**
   * It is not; the one before is still there.
   *
   * @param detail what does not fit, and what to do
   */
  record Refused(String detail) implements InstallOutcome {}
}
