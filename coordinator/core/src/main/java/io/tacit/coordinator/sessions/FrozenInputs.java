package io.tacit.coordinator.sessions;

import io.tacit.protocol.masking.MemberSet;
import io.tacit.protocol.session.Survivors;

/**
 * Whose updates are in the sum.
 *
 * @param survivors who has shared, and who of them has brought its update
 * @param digest what survivors sign, 32 bytes; not copied, not to be changed
 */
record FrozenInputs(Survivors survivors, byte[] digest) {

  MemberSet u3() {
    return survivors.u3();
  }

  Publication publication() {
    return new Publication.OfSurvivors(survivors);
  }

  @Override
  public String toString() {
    return "FrozenInputs[" + survivors + "]";
  }
}
