package io.tacit.protocol.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tacit.protocol.ClientId;
import io.tacit.protocol.Suite;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.crypto.IdentityKeyCache;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.protocol.masking.SessionKeyPair;
import io.tacit.protocol.masking.SessionPublicKey;
import io.tacit.testing.Fuzz;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
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
  void has_two_keys_that_differ_in_a_suite_that_masks_and_none_in_plain() {
    SecureRandom random = new SecureRandom();
    for (Suite suite : List.of(Suite.CLASSIC, Suite.HYBRID)) {
      SessionPublicKey channelKey = SessionKeyPair.generate(suite, random).publicKey();
      SessionPublicKey maskKey = SessionKeyPair.generate(suite, random).publicKey();
      SignedAdvertisement signed =
          SignedAdvertisement.sign(CONTEXT, channelKey, maskKey, new byte[] {1}, identity, random);
      Advertised advertised = signed.open(suite, CONTEXT, keys).orElseThrow();

      assertThat(advertised.channelKey()).isEqualTo(channelKey);
      assertThat(advertised.maskKey()).isEqualTo(maskKey);
      assertThat(advertised.client()).isEqualTo(client);
      assertThat(advertised.identityKey()).isEqualTo(identity.publicKey());
      assertThat(advertised.certificate().orElseThrow()).containsExactly(1);
      advertised.checkKeys();
      assertThat(signed.verify(suite, CONTEXT, client, keys)).isTrue();
      assertThat(signed.body().length).isLessThan(WireLimits.ADVERTISEMENT_BYTES_MAX);
      assertThat(SignedAdvertisement.fromRecord(signed.toRecord()).body()).isEqualTo(signed.body());

      for (Suite other : Suite.values()) {
        assertThat(signed.open(other, CONTEXT, keys).isPresent()).isEqualTo(other == suite);
      }
      assertThat(
              SignedAdvertisement.sign(
                      CONTEXT, channelKey, channelKey, new byte[0], identity, random)
                  .open(suite, CONTEXT, keys))
          .isEmpty();
      assertThat(sound.open(suite, CONTEXT, keys)).isEmpty();
    }
    assertThat(sound.open(Suite.PLAIN, CONTEXT, keys).orElseThrow().certificate()).isEmpty();
  }

  @Test
  void refuses_sizes_beyond_the_contract() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SignedAdvertisement.of(new byte[5 * 1024 + 1], new byte[64]))
        .withMessage("message body has 5121 bytes, must be at most 5120");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SignedAdvertisement.of(new byte[0], new byte[63]))
        .withMessage("message.signature has 63 bytes, must have exactly 64");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SignedAdvertisement.fromRecord(new byte[63]))
        .withMessage("signed record has 63 bytes, must have at least 64");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> SignedAdvertisement.sign(CONTEXT, new byte[2049], identity, new SecureRandom()))
        .withMessage("certificate has 2049 bytes, must have at most 2048");
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
