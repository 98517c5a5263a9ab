package io.tacit.protocol.session;

import io.tacit.protocol.WireLimits;
import io.tacit.protocol.crypto.IdentityKey;
import io.tacit.protocol.masking.MemberSet;
import io.tacit.protocol.masking.SessionTranscript;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Published with stage UNMASK: who signed whose updates are in the sum.
 *
 * @param signatures in ascending order of index, each signer once
 */
public record SignatureSet(List<IndexedSignature> signatures) {

  public SignatureSet {
    signatures = List.copyOf(signatures);
  }

  /**
   * Reads what was published.
   *
   * @param rosterSize n
   * @throws IllegalArgumentException if it is malformed: also if a signer is named twice
   */
  public static SignatureSet fromBytes(int rosterSize, byte[] bytes) {
    return new SignatureSet(
        IndexedSignature.read(
            WireField.message(
                    "signature set",
                    bytes,
                    WireLimits.SIGNATURE_SET_BYTES_MAX,
                    io.tacit.protocol.v1.SignatureSet::parseFrom)
                .getSignaturesList(),
            rosterSize));
  }

  /**
   * Who of the survivors signed, as far as it matters.
   *
   * @param survivorsDigest the verifier's own
   * @param u3 the survivors; the signatures of others do not count
   * @param keyOf the identity key of a member
   * @param enough how many valid signatures are looked for; more are not looked at
   * @return the first, by index, whose signatures are valid
   */
  public MemberSet signers(
      byte[] survivorsDigest, MemberSet u3, IntFunction<IdentityKey> keyOf, int enough) {
    byte[] message = SessionTranscript.signedBySurvivor(survivorsDigest);
    int[] signers = new int[signatures.size()];
    int count = 0;
    for (IndexedSignature signature : signatures) {
      if (count == enough) {
        break;
      }
      int index = signature.index();
      if (u3.contains(index) && keyOf.apply(index).verifies(message, signature.signature())) {
        signers[count++] = index;
      }
    }
    return MemberSet.of(u3.rosterSize(), Arrays.copyOf(signers, count));
  }

  /** As it is published: the same bytes each time. */
  public byte[] toBytes() {
    io.tacit.protocol.v1.SignatureSet.Builder message =
        io.tacit.protocol.v1.SignatureSet.newBuilder();
    for (IndexedSignature signature : signatures) {
      message.addSignatures(signature.toMessage());
    }
    return message.build().toByteArray();
  }
}
