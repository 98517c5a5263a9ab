package io.tacit.client.connection;

import io.tacit.protocol.crypto.IdentityCertificate;
import io.tacit.protocol.crypto.IdentityKeyPair;

/**
 * What a device logs in with.
 *
 * @param keys of the device
 * @param certificate of these keys
 */
public record CertifiedKey(IdentityKeyPair keys, IdentityCertificate certificate) {}
