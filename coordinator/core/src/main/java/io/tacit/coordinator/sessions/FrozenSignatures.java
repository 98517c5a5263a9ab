package io.tacit.coordinator.sessions;

import io.tacit.protocol.masking.MemberSet;
import io.tacit.protocol.session.IndexedSignature;
import io.tacit.protocol.session.SignatureSet;

/**
 * Who has signed whose updates are in the sum.
 *
 * @param set of signatures
 * @param rosterSize n
 */
record FrozenSignatures(SignatureSet set, int rosterSize) {

  MemberSet signers() {
    return MemberSet.of(
        rosterSize, set.signatures().stream().mapToInt(IndexedSignature::index).toArray());
  }

  Publication publication() {
    return new Publication.OfSignatures(set);
  }
}
