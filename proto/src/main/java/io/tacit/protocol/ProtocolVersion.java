package io.tacit.protocol;

/** The version of the wire protocol, sent with every call and every answer. */
public final class ProtocolVersion {

  /** What this build speaks. Raised when an old peer could misunderstand a new one. */
  public static final int CURRENT = 1;

  /** Metadata key (ASCII) that carries it, in both directions. */
  public static final String METADATA_KEY = "tacit-protocol";

  /**
   * Metadata key (ASCII) of the machine-readable reason beside a status; see tacit/v1/README.md.
   */
  public static final String REASON_KEY = "tacit-reason";

  /** Metadata key (ASCII) of the milliseconds to wait before a retry. */
  public static final String RETRY_AFTER_KEY = "tacit-retry-after-millis";

  /** Metadata key (ASCII) of a device's call token; see tacit/v1/access.proto. */
  public static final String TOKEN_KEY = "tacit-token";

  private ProtocolVersion() {}
}
