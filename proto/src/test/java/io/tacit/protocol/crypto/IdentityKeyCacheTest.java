package io.tacit.protocol.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class IdentityKeyCacheTest {

  private final SecureRandom random = new SecureRandom();

  @Test
  void checks_a_key_once_as_long_as_it_is_kept() {
    IdentityKeyCache cache = new IdentityKeyCache(2);
    byte[] first = newKey();
    byte[] second = newKey();
    IdentityKey checked = cache.get(first);
    cache.get(second);

    assertThat(cache.get(first.clone())).isSameAs(checked);
    cache.get(newKey()); // the second key was used least recently

    assertThat(cache.size()).isEqualTo(2);
    assertThat(cache.get(first)).isSameAs(checked);
    assertThat(cache.get(second)).isEqualTo(IdentityKey.fromBytes(second));
  }

  @Test
  void keeps_nothing_of_a_key_that_is_refused() {
    IdentityKeyCache cache = new IdentityKeyCache(2);

    assertThatThrownBy(() -> cache.get(new byte[IdentityKey.LENGTH]))
        .hasMessageContaining("of small order");

    assertThat(cache.size()).isZero();
  }

  @Test
  void does_not_notice_when_the_caller_reuses_its_array() {
    IdentityKeyCache cache = new IdentityKeyCache(2);
    byte[] array = newKey();
    byte[] key = array.clone();
    cache.get(array);

    System.arraycopy(newKey(), 0, array, 0, array.length);

    assertThat(cache.get(array).toBytes()).isEqualTo(array);
    assertThat(cache.get(key).toBytes()).isEqualTo(key);
  }

  private byte[] newKey() {
    return IdentityKeyPair.generate(random).publicKey().toBytes();
  }
}
