package io.tacit.protocol;

/**
 * The pseudonym of a device: the SHA-256 of its identity public key. Ordered as unsigned bytes,
 * which is the order of rosters.
 */
public final class ClientId extends FixedBytes implements Comparable<ClientId> {

  /** Length in bytes. */
  public static final int LENGTH = 32;

  private ClientId(byte[] bytes) {
    super(bytes, LENGTH, "client id");
  }

  /** The id of the device that holds this identity public key. */
  public static ClientId ofIdentityKey(byte[] publicKey) {
    return new ClientId(ContentHash.of(publicKey).toBytes());
  }

  /**
   * Wraps the bytes of an id.
   *
   * @throws IllegalArgumentException if there are not exactly 32
   */
  public static ClientId fromBytes(byte[] bytes) {
    return new ClientId(bytes);
  }

  /**
   * Parses 64 hex digits.
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  public static ClientId fromHex(String hex) {
    return new ClientId(parseHex(hex, LENGTH, "client id"));
  }

  @Override
  public int compareTo(ClientId other) {
    return compareUnsigned(other);
  }
}
