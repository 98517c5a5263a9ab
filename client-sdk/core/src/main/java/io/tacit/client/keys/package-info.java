/**
 * Where the keys are that encrypt a client's files. Door: {@link
 * io.tacit.client.keys.KeyStoreProvider}, which a platform implements. Must not know what is
 * encrypted, and depends on nothing.
 */
@NullMarked
package io.tacit.client.keys;

import org.jspecify.annotations.NullMarked;
