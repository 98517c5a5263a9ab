package io.tacit.protocol.session;

import com.google.protobuf.ByteString;
import io.tacit.protocol.crypto.IdentityKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The signature of a survivor over the digest of the survivors.
 *
 * @param index of the signer on the roster, from 1
 * @param signature 64 bytes; copied in and out
 */
public record IndexedSignature(int index, byte[] signature) {

  public IndexedSignature {
    signature = signature.clone();
  }

  @Override
  public byte[] signature() {
    return signature.clone();
  }

  /** Reads a list in ascending order, each signer once. */
  static List<IndexedSignature> read(
      List<io.tacit.protocol.v1.IndexedSignature> messages, int rosterSize) {
    WireField.within("signatures", messages.size(), 0, rosterSize);
    List<IndexedSignature> signatures = new ArrayList<>(messages.size());
    int before = 0;
    for (io.tacit.protocol.v1.IndexedSignature message : messages) {
      before = WireField.after("signatures.index", before, message.getIndex(), rosterSize);
      signatures.add(
          new IndexedSignature(
              before,
              WireField.exactly(
                  "signatures.signature", IdentityKey.SIGNATURE_LENGTH, message.getSignature())));
    }
    return Collections.unmodifiableList(signatures);
  }

  io.tacit.protocol.v1.IndexedSignature toMessage() {
    return io.tacit.protocol.v1.IndexedSignature.newBuilder()
        .setIndex(index)
        .setSignature(ByteString.copyFrom(signature))
        .build();
  }

  @Override
  public String toString() {
    return "IndexedSignature[" + index + "]";
  }
}
