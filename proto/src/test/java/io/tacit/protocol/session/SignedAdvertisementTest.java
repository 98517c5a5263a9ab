package io.tacit.protocol.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.protocol.ClientId;
import io.tacit.protocol.crypto.IdentityKeyCache;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.testing.Fuzz;
import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SignedAdvertisementTest {

  private static final byte[] CONTEXT = new byte[32];

  private final IdentityKeyPair identity = IdentityKeyPair.fromSeed(new byte[32]);
  private final ClientId client = identity.publicKey().clientId();
  private final IdentityKeyCache keys = new IdentityKeyCache(16);
  private final SignedAdvertisement sound =
      SignedAdvertisement.sign(CONTEXT, identity, new SecureRandom());

  @Test
  void is_its_signers_for_its_session_alone() {
    IdentityKeyPair other = IdentityKeyPair.generate(new SecureRandom());
    byte[] otherContext = CONTEXT.clone();
    otherContext[0] = 1;

    assertThat(sound.verify(CONTEXT, client, keys)).isTrue();
    assertThat(sound.verify(otherContext, client, keys)).isFalse();
    assertThat(sound.verify(CONTEXT, other.publicKey().clientId(), keys)).isFalse();
    assertThat(
            SignedAdvertisement.of(
                    sound.body(),
                    SignedAdvertisement.sign(CONTEXT, other, new SecureRandom()).signature())
                .verify(CONTEXT, client, keys))
        .isFalse();
  }

  @Test
  @Tag(Fuzz.TAG)
  void no_damaged_one_verifies() {
    byte[] body = sound.body();

    Fuzz.of(body)
        .refusedWith(IllegalArgumentException.class)
        .feed(
            input ->
                assertThat(
                        SignedAdvertisement.of(input, sound.signature())
                            .verify(CONTEXT, client, keys))
                    .isEqualTo(Arrays.equals(input, body)));
  }
}
