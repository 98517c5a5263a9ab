package io.tacit.enrolment;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Object;
import org.bouncycastle.asn1.ASN1Primitive;

/** Reads and writes structures of ASN.1; those that are read, strangers may have written. */
final class Der {

  private Der() {}

  /**
   * Reads a structure in its distinguished encoding, with nothing after it, and interprets it.
   *
   * @param der what came, of limited size: the caller checks this before
   * @param structure makes the structure of the primitive
   * @param interpretation makes a value of the structure; this and {@code structure} may throw what
   *     Bouncy Castle throws for a form it does not expect
   * @return empty if the bytes have not this structure, are not its one distinguished encoding, or
   *     the interpretation is empty
   */
  static <S extends ASN1Object, T> Optional<T> read(
      byte[] der, Function<Object, S> structure, Function<S, Optional<T>> interpretation) {
    try {
      ASN1Primitive primitive = ASN1Primitive.fromByteArray(der);
      // Null for no bytes at all. Writing it also reads the inner parts, which Bouncy Castle leaves
      // for later.
      return primitive != null && Arrays.equals(der, write(primitive))
          ? interpretation.apply(structure.apply(primitive))
          : Optional.empty();
    } catch (IOException
        | IllegalArgumentException
        | IllegalStateException
        | ClassCastException
        | ArithmeticException e) {
      // All that its readers throw for malformed input; MalformedInputTest would find another.
      return Optional.empty();
    }
  }

  /** The distinguished encoding. */
  static byte[] write(ASN1Object structure) throws IOException {
    return structure.getEncoded(ASN1Encoding.DER);
  }

  /** The distinguished encoding of a structure that this process made, or has read before. */
  static byte[] writeOwn(ASN1Object structure) {
    try {
      return write(structure);
    } catch (IOException e) {
      throw new AssertionError("a structure of known parts has an encoding", e);
    }
  }
}
