package io.tacit.protocol.crypto;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Identity keys that have been checked, the most recently used ones. About 500 bytes each. Safe for
 * many threads; a check blocks nobody else.
 */
public final class IdentityKeyCache {

  private final Map<ByteBuffer, IdentityKey> keys;

  /**
   * Keeps some keys.
   *
   * @param keysMax how many at most, at least 1
   */
  public IdentityKeyCache(int keysMax) {
    if (keysMax < 1) {
      throw new IllegalArgumentException("keysMax is " + keysMax + ", must be at least 1");
    }
    keys =
        new LinkedHashMap<ByteBuffer, IdentityKey>(16, 0.75f, true) {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<ByteBuffer, IdentityKey> eldest) {
            return size() > keysMax;
          }
        };
  }

  /**
   * As {@link IdentityKey#fromBytes}.
   *
   * @throws IllegalArgumentException as there; nothing is kept of a key that is refused
   */
  public IdentityKey get(byte[] raw) {
    ByteBuffer name = ByteBuffer.wrap(raw.clone());
    synchronized (keys) {
      IdentityKey known = keys.get(name);
      if (known != null) {
        return known;
      }
    }
    IdentityKey checked = IdentityKey.fromBytes(raw);
    synchronized (keys) {
      keys.put(name, checked);
    }
    return checked;
  }

  /** How many keys are kept. */
  public int size() {
    synchronized (keys) {
      return keys.size();
    }
  }
}
