package io.tacit.cli.rest;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import javax.net.ssl.SSLException;

/** No coordinator, or none that is trusted, answers at the address. */
public final class UnreachableException extends IOException {

  private static final long serialVersionUID = 1;

  UnreachableException(URI coordinator, IOException cause) {
    super(
        cause instanceof SSLException
            ? "No coordinator that is trusted answers at "
                + coordinator
                + " ("
                + reason(cause)
                + "). Give the certificate of its authority, tls/authority.pem of its data"
                + " directory, with --trust or TACIT_TRUST."
            : "No coordinator answers at "
                + coordinator
                + " ("
                + reason(cause)
                + "). Start one with \"tacit serve\", or name another address with --url or"
                + " TACIT_URL.",
        cause);
  }

  /** The JDK's client throws a refused connection without a message. */
  private static String reason(IOException cause) {
    if (cause.getMessage() != null) {
      return cause.getMessage();
    }
    return cause instanceof ConnectException
        ? "connection refused"
        : cause.getClass().getSimpleName();
  }
}
