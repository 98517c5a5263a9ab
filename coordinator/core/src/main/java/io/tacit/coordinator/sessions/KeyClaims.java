package io.tacit.coordinator.sessions;

import io.tacit.protocol.ClientId;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which session keys are advertised by whom: two devices with a key in common would end their
 * shard. Attempts of the same client may claim the same keys; each gives back what came to nothing.
 * Thread-safe.
 */
final class KeyClaims {

  private final Map<ByteBuffer, Claim> claims = new HashMap<>();

  private record Claim(ClientId client, int attempts) {}

  /** Claims all of these keys, or none of them if another client has one. */
  synchronized boolean claim(ClientId client, List<ByteBuffer> keys) {
    for (ByteBuffer key : keys) {
      Claim present = claims.get(key);
      if (present != null && !present.client().equals(client)) {
        return false;
      }
    }
    for (ByteBuffer key : keys) {
      claims.merge(key, new Claim(client, 1), (old, one) -> new Claim(client, old.attempts() + 1));
    }
    return true;
  }

  /** An attempt came to nothing. */
  synchronized void giveBack(List<ByteBuffer> keys) {
    for (ByteBuffer key : keys) {
      claims.computeIfPresent(
          key,
          (same, claim) ->
              claim.attempts() == 1 ? null : new Claim(claim.client(), claim.attempts() - 1));
    }
  }
}
