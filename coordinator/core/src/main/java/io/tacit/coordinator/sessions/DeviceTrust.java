package io.tacit.coordinator.sessions;

import io.tacit.protocol.crypto.IdentityKey;

/** Which devices an authority vouches for, where a coordinator takes only such. Thread-safe. */
public interface DeviceTrust {

  /** For a coordinator that takes any device: no certificates, no list. */
  DeviceTrust ANYONE =
      new DeviceTrust() {
        @Override
        public boolean isTrusted(byte[] certificate, IdentityKey key) {
          return true;
        }

        @Override
        public byte[] revocationList() {
          return new byte[0];
        }
      };

  /**
   * Whether this certificate is valid now, and for this key. May compute a signature.
   *
   * @param certificate in DER; no bytes if the device has shown none
   */
  boolean isTrusted(byte[] certificate, IdentityKey key);

  /** The authority's list of revoked certificates as of now, in DER; no bytes if there is none. */
  byte[] revocationList();
}
