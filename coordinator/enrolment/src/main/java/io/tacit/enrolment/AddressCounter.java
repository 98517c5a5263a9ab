package io.tacit.enrolment;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts certificates by network address. In memory alone: addresses of devices are written
 * nowhere. Counted is an IPv4 address, or the first 64 bits of an IPv6 address, which one household
 * has. Thread-safe.
 */
final class AddressCounter {

  private static final int IPV6_NETWORK_BYTES = 8;

  private final IssuanceLimit limit;
  private final int addressesMax;

  private final Map<ByteBuffer, Integer> issued = new HashMap<>();
  private Instant window = Instant.MIN;

  AddressCounter(IssuanceLimit limit, int addressesMax) {
    this.limit = limit;
    this.addressesMax = addressesMax;
  }

  /** Counts one more, unless the limit is reached or no room is left to count another address. */
  synchronized boolean tryCount(InetAddress address, Instant now) {
    Instant current = limit.windowStart(now);
    if (!current.equals(window)) {
      issued.clear();
      window = current;
    }
    ByteBuffer network = network(address);
    int before = issued.getOrDefault(network, 0);
    if (before >= limit.certificatesMax() || before == 0 && issued.size() >= addressesMax) {
      return false;
    }
    issued.put(network, before + 1);
    return true;
  }

  private static ByteBuffer network(InetAddress address) {
    byte[] bytes = address.getAddress();
    return ByteBuffer.wrap(
        address instanceof Inet6Address ? Arrays.copyOf(bytes, IPV6_NETWORK_BYTES) : bytes);
  }
}
