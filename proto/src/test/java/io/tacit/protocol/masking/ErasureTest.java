package io.tacit.protocol.masking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tacit.protocol.Suite;
import io.tacit.protocol.crypto.ErasableKey;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is erased is zero in memory, and no text of a secret says anything of it. */
class ErasureTest {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final byte[] CONTEXT = new byte[32];

  @ParameterizedTest
  @EnumSource(names = {"CLASSIC", "HYBRID"})
  void keys_are_zero_after_they_were_destroyed(Suite suite) throws Exception {
    MaskKeys masks = MaskKeys.generate(suite, CONTEXT, RANDOM);
    SessionKeyPair channel = SessionKeyPair.generate(suite, RANDOM);
    assertThat(Fields.secretsOf(masks)).hasSize(suite == Suite.HYBRID ? 8 : 2);
    assertThat(Fields.secretsOf(masks)).noneMatch(Fields::isZero);
    assertThat(masks.toString()).doesNotContain(HexFormat.of().formatHex(masks.secret()));

    masks.destroy();
    channel.destroy();

    assertThat(Fields.secretsOf(masks)).allMatch(Fields::isZero);
    assertThat(Fields.secretsOf(channel)).isNotEmpty().allMatch(Fields::isZero);
  }

  @Test
  void masks_and_shares_are_zero_after_they_were_erased() throws Exception {
    Suite suite = Suite.HYBRID;
    KeySchedule schedule = new KeySchedule(suite, CONTEXT);
    MaskKeys one = MaskKeys.generate(suite, CONTEXT, RANDOM);
    MaskKeys two = MaskKeys.generate(suite, CONTEXT, RANDOM);
    PairMask mask = schedule.pairMaskOfLower(1, one, 2, two.publicKey());
    byte[] key = mask.key();
    PeerShares shares = new PeerShares(new byte[] {1}, new byte[] {2});

    mask.erase();
    shares.erase();

    assertThat(key).containsOnly(0);
    assertThat(Fields.secretsOf(shares)).hasSize(2).allMatch(Fields::isZero);
  }

  @Test
  void a_channel_that_was_erased_seals_nothing() throws Exception {
    KeySchedule schedule = new KeySchedule(Suite.CLASSIC, CONTEXT);
    SessionKeyPair own = SessionKeyPair.generate(Suite.CLASSIC, RANDOM);
    SessionKeyPair peer = SessionKeyPair.generate(Suite.CLASSIC, RANDOM);
    ShareChannel channel = schedule.shareChannel(1, own, 2, peer.publicKey());

    channel.erase();

    assertThatIllegalStateException()
        .isThrownBy(() -> channel.seal(new byte[32], new byte[32], new byte[0], RANDOM))
        .withMessage("shares were sealed before; join another session");
  }

  @Test
  void a_platform_key_gives_nothing_after_it_was_destroyed() {
    ErasableKey key = new ErasableKey("AES", new byte[] {7});
    assertThat(key.getEncoded()).containsExactly(7);
    assertThat(key).hasToString("ErasableKey[AES, 1 bytes]");

    key.destroy();

    assertThat(key.isDestroyed()).isTrue();
    assertThatIllegalStateException()
        .isThrownBy(key::getEncoded)
        .withMessage("key was erased; make a new one");
  }
}
