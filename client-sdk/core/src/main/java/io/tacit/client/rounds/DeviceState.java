package io.tacit.client.rounds;

import io.tacit.client.connection.Membership;
import io.tacit.client.storage.Charge;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.client.storage.RoundLatch;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.RoundId;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a device stands in a session: {@code ADVERTISED -> SPENT -> SENT}, strictly forward. Each
 * state is made only by the one before it, and what needs a state takes it as an argument:
 *
 * <p>INVARIANT: an update leaves the device at most once per (plan, round). Sending takes {@link
 * Spent}, and a Spent exists only after the latch has the round on disk.
 */
sealed interface DeviceState {

  /** Which session, as whom. */
  Membership membership();

  /** On the roster; nothing of the update has left the device. */
  record Advertised(Membership membership) implements DeviceState {

    /**
     * Spends the round, counts its cost and remembers what it reports on, durably; empty if round
     * or report were spent before, or the condition does not hold.
     */
    Optional<Spent> spend(
        RoundLatch latch,
        RoundId round,
        Charge charge,
        int bytes,
        @Nullable ContentHash reported,
        DeviceStorage.Action<Boolean> condition)
        throws IOException {
      return latch.spend(round, charge, bytes, reported, condition)
          ? Optional.of(new Spent(membership))
          : Optional.empty();
    }
  }

  /** The update may leave, this once. */
  final class Spent implements DeviceState {

    private final Membership membership;

    private Spent(Membership membership) {
      this.membership = membership;
    }

    @Override
    public Membership membership() {
      return membership;
    }

    /** The coordinator has the whole update on disk. */
    Sent sent() {
      return new Sent(membership);
    }
  }

  /** Nothing is left to do but to wait. */
  final class Sent implements DeviceState {

    private final Membership membership;

    private Sent(Membership membership) {
      this.membership = membership;
    }

    @Override
    public Membership membership() {
      return membership;
    }
  }
}
