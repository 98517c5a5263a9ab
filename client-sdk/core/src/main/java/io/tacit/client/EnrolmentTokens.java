package io.tacit.client;

import java.util.concurrent.CompletableFuture;

/**
 * Where a device gets the bootstrap token for its first certificate: from the backend of the app,
 * which knows that this installation is one of its own.
 */
@FunctionalInterface
public interface EnrolmentTokens {

  /**
   * Asks for a token: a compact JWS (RFC 7515) for one device, at most ten minutes old. Called once
   * in the life of an installation, and again after a failure; on a thread that must not be held up
   * for long.
   *
   * @return completed with the token within a minute; exceptionally if there is none now, e.g.
   *     because the backend does not answer or nobody is logged in: the client asks again later
   */
  CompletableFuture<String> fetch();
}
