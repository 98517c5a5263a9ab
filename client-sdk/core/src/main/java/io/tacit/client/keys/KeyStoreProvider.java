package io.tacit.client.keys;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import javax.crypto.SecretKey;

/**
 * A key store of a platform: keeps the keys that protect the keys of files.
 *
 * <p>Guarantee: a key that was destroyed is gone for good, also for who has a copy of the store's
 * files but not of the key. Assumes: what is in the store is not set back to an earlier state;
 * where that can not happen, setting back a client's files is noticed.
 *
 * <p>The keys are for AES-256 in Galois/Counter Mode and need not show their bytes: a client hands
 * them to {@link javax.crypto.Cipher} and lets that choose the nonce, as Android's Keystore wants
 * it. It uses one when it opens its files, and a new one when it forgets.
 *
 * <p>Several clients can share a store: names begin with the client's own. For use by any thread.
 */
public interface KeyStoreProvider {

  /**
   * The names of all keys of this kind that are in the store, those of others included.
   *
   * @throws IOException if the store can not be read, for instance with this password
   */
  Set<String> names() throws IOException;

  /**
   * The key of a name.
   *
   * @return empty if there is none
   * @throws IOException if the store can not be read
   */
  Optional<SecretKey> find(String name) throws IOException;

  /**
   * Makes a key, durably, in the place of one of the same name.
   *
   * @param name 1 to 64 characters of a-z 0-9 -
   * @throws IOException if the store can not be written
   */
  SecretKey create(String name) throws IOException;

  /**
   * Destroys a key, durably; does nothing if there is none.
   *
   * @throws IOException if the store can not be written
   */
  void destroy(String name) throws IOException;
}
