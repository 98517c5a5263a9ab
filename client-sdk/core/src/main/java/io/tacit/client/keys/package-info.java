/**
 * Where the keys are that encrypt a client's files. Doors: {@link
 * io.tacit.client.keys.KeyStoreProvider}, which a platform implements, and {@link
 * io.tacit.client.keys.Pkcs12KeyStore}, which does so with a file. Must not know what is encrypted.
 */
@NullMarked
package io.tacit.client.keys;

import org.jspecify.annotations.NullMarked;
