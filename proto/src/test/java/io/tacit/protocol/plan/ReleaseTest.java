package io.tacit.protocol.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.crypto.TaskKey;
import io.tacit.protocol.crypto.TaskKeyPair;
import io.tacit.protocol.crypto.Transcript;
import io.tacit.testing.Fuzz;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ReleaseTest {

  private static final TaskKeyPair KEY = TaskKeyPair.generate(new SecureRandom());
  private static final List<TaskKey> TRUSTED = List.of(KEY.publicKey());
  private static final PlanId SHOP = new PlanId("shop");
  private static final ContentHash MODEL = ContentHash.of(new byte[] {1});

  private static Release third() {
    return Release.sign(SHOP, 3, 7, MODEL, KEY);
  }

  @Test
  void comes_back_from_its_bytes_with_the_signature() {
    Release again = Release.fromBytes(third().toBytes());

    assertThat(again).isEqualTo(third()).hasSameHashCodeAs(third());
    assertThat(again.plan()).isEqualTo(SHOP);
    assertThat(again.number()).isEqualTo(3);
    assertThat(again.modelVersion()).isEqualTo(7);
    assertThat(again.modelHash()).isEqualTo(MODEL);
    assertThat(again.signer()).contains(KEY.publicKey().id());
    assertThat(again.check(TRUSTED)).isEqualTo(SignatureState.VALID);
    assertThat(again).hasToString("Release[shop number 3, model version 7, " + MODEL + "]");
  }

  @Test
  void signs_all_that_it_says_under_its_own_label() {
    byte[] bytes = third().toBytes();
    byte[] body = Arrays.copyOf(bytes, bytes.length - 102);

    assertThat(body).isEqualTo(message().build().toByteArray());
    assertThat(Arrays.copyOfRange(bytes, bytes.length - 64, bytes.length))
        .isEqualTo(KEY.sign(Transcript.info("release", body)));
  }

  @Test
  void says_for_which_share_of_the_devices_it_is() {
    ClientId device = ClientId.fromBytes(new byte[ClientId.LENGTH]);
    ReleaseShare most = new ReleaseShare(4_809);
    Release partial = Release.sign(SHOP, 3, 7, MODEL, most, KEY);

    Release again = Release.fromBytes(partial.toBytes());

    assertThat(again).isEqualTo(partial).isNotEqualTo(third());
    assertThat(again.share()).isEqualTo(most);
    assertThat(again.isFor(device)).isTrue();
    assertThat(Release.sign(SHOP, 3, 7, MODEL, new ReleaseShare(4_808), KEY).isFor(device))
        .isFalse();
    assertThat(again.check(TRUSTED)).isEqualTo(SignatureState.VALID);
    assertThat(again)
        .hasToString(
            "Release[shop number 3, model version 7, " + MODEL + ", for 0.4809 of the devices]");
  }

  @Test
  void one_for_all_has_the_bytes_that_it_had_before_there_were_shares() {
    Release release = Release.sign(SHOP, 3, 7, MODEL, ReleaseShare.ALL, KEY);
    byte[] bytes = release.toBytes();

    assertThat(Arrays.copyOf(bytes, bytes.length - 102)).isEqualTo(message().build().toByteArray());
    assertThat(release).isEqualTo(third());
    assertThat(Release.fromBytes(bytes).share()).isEqualTo(ReleaseShare.ALL);
    assertThat(release.isFor(ClientId.fromBytes(new byte[ClientId.LENGTH]))).isTrue();
  }

  @Test
  void a_signature_over_a_plan_is_none_over_a_release() {
    byte[] body = message().build().toByteArray();
    byte[] signed = OwnerSigned.sign("plan", body, KEY).bytes();

    assertThat(Release.fromBytes(signed).check(TRUSTED)).isEqualTo(SignatureState.ALTERED);
  }

  @Test
  void no_byte_can_be_changed_unnoticed() {
    byte[] good = Release.sign(SHOP, 3, 7, MODEL, new ReleaseShare(1_000), KEY).toBytes();
    for (int position = 0; position < good.length; position++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] changed = good.clone();
        changed[position] ^= (byte) (1 << bit);
        assertThat(isValid(changed)).as("bit %d of byte %d", bit, position).isFalse();
      }
    }
  }

  private static boolean isValid(byte[] bytes) {
    try {
      return Release.fromBytes(bytes).check(TRUSTED) == SignatureState.VALID;
    } catch (IllegalArgumentException e) {
      return false; // No release at all any more.
    }
  }

  @Test
  void tells_unsigned_and_foreign_releases_from_good_ones() {
    TaskKeyPair other = TaskKeyPair.generate(new SecureRandom());

    assertThat(Release.fromBytes(message().build().toByteArray()).check(TRUSTED))
        .isEqualTo(SignatureState.UNSIGNED);
    assertThat(Release.sign(SHOP, 3, 7, MODEL, other).check(TRUSTED))
        .isEqualTo(SignatureState.FOREIGN_KEY);
  }

  @Test
  void refuses_what_is_no_release() {
    assertRefused(new byte[] {1}, "release is not a tacit.v1.Release message");
    assertRefused(
        message().setNumber(0).build().toByteArray(),
        "release has number 0, must be 1 to 2147483647");
    assertRefused(
        message().setModelVersion(-1).build().toByteArray(),
        "release has model version 4294967295, must be 1 to 2147483647");
    assertRefused(
        message().setModelHash(ByteString.copyFrom(new byte[3])).build().toByteArray(),
        "content hash has 3 bytes, must have exactly 32");
    assertRefused(
        message().setShare(10_001).build().toByteArray(),
        "release has a share of 10001 parts, must be 1 to 10000 parts of 10000");
    assertRefused(
        new byte[WireLimits.RELEASE_BYTES_MAX + 1],
        "release has 1025 bytes, must have at most 1024");
    assertThatThrownBy(() -> Release.sign(SHOP, 0, 7, MODEL, KEY))
        .hasMessage("release has number 0, must be 1 to 2147483647");
  }

  @Test
  @Tag(Fuzz.TAG)
  void refuses_damaged_bytes_as_documented() {
    Fuzz.of(
            third().toBytes(),
            Release.sign(SHOP, 3, 7, MODEL, new ReleaseShare(1_000), KEY).toBytes(),
            message().build().toByteArray())
        .refusedWith(IllegalArgumentException.class)
        .feed(bytes -> Release.fromBytes(bytes).check(TRUSTED));
  }

  private static io.tacit.protocol.v1.Release.Builder message() {
    return io.tacit.protocol.v1.Release.newBuilder()
        .setPlanId("shop")
        .setNumber(3)
        .setModelVersion(7)
        .setModelHash(ByteString.copyFrom(MODEL.toBytes()));
  }

  private static void assertRefused(byte[] bytes, String message) {
    assertThatThrownBy(() -> Release.fromBytes(bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
