package io.tacit.enrolment;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.testing.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.bouncycastle.asn1.ASN1Sequence;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the bytes are, the answer is a refusal and no exception. */
class MalformedInputTest {

  private static final int INPUTS_PER_SEED = 2_000;

  private static final TestAuthority TEST = TestAuthority.create();

  static LongStream seeds() {
    return Seeds.upTo(10);
  }

  @AfterAll
  static void close() {
    TEST.database().close();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void requests(long seed) {
    Random random = new Random(seed);
    byte[][] originals = {TestDevice.ed25519().request(), TestDevice.p256().request()};
    for (int i = 0; i < INPUTS_PER_SEED; i++) {
      byte[] mutated = mutate(originals[i % 2], random);
      assertThat(CertificateRequest.check(mutated))
          .as("seed %d, input %d", seed, i)
          .isInstanceOf(Refused.class);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void certificates_and_lists(long seed) {
    Random random = new Random(seed);
    TestDevice device = TestDevice.p256();
    byte[] certificate = TEST.enrol(device).toDer();
    TEST.authority().revoke(TEST.enrol(TestDevice.ed25519()).serial(), RevocationReason.SUPERSEDED);
    byte[] list = TEST.authority().revocationList().toDer();
    RootCertificate root = TEST.root().certificate();
    for (int i = 0; i < INPUTS_PER_SEED; i++) {
      assertThat(CertificateVerifier.checkOrigin(mutate(certificate, random), root))
          .as("seed %d, certificate %d", seed, i)
          .isInstanceOf(Refused.class);
      assertThat(RevocationList.read(mutate(list, random), root))
          .as("seed %d, list %d", seed, i)
          .isEmpty();
      assertThat(RootCertificate.read(mutate(root.toDer(), random)))
          .as("seed %d, root %d", seed, i)
          .isEmpty();
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void tokens(long seed) {
    Random random = new Random(seed);
    byte[] token = TEST.tokenOf(TestAuthority.ACCOUNT).getBytes(StandardCharsets.US_ASCII);
    EnrolmentRequest sound = TestDevice.ed25519().enrolment("");
    for (int i = 0; i < INPUTS_PER_SEED; i++) {
      String mutated = new String(mutate(token, random), StandardCharsets.ISO_8859_1);
      assertThat(
              TEST.authority()
                  .enrol(
                      new EnrolmentRequest(
                          mutated, sound.request(), sound.evidence(), sound.address())))
          .as("seed %d, input %d", seed, i)
          .isInstanceOf(Refused.class);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void json(long seed) {
    Random random = new Random(seed);
    byte[] claims =
        "{\"aud\":[\"shop\"],\"jti\":\"0123456789abcdef\",\"iat\":1,\"exp\":2,\"x\":{\"y\":[1.5]}}"
            .getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < INPUTS_PER_SEED; i++) {
      FlatJson.read(mutate(claims, random)).ifPresent(json -> json.text("aud"));
      byte[] anything = new byte[random.nextInt(64)];
      random.nextBytes(anything);
      Der.read(anything, ASN1Sequence::getInstance, Optional::of);
      FlatJson.read(anything);
    }
  }

  /** Some bits, bytes, a piece cut out, doubled or swapped: never what it was. */
  private static byte[] mutate(byte[] original, Random random) {
    byte[] mutated = original.clone();
    while (Arrays.equals(mutated, original)) {
      int at = random.nextInt(mutated.length);
      int length = random.nextInt(1 + Math.min(16, mutated.length - at));
      switch (random.nextInt(5)) {
        case 0 -> mutated[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> mutated[at] = (byte) random.nextInt(256);
        case 2 -> mutated = Arrays.copyOf(mutated, at);
        case 3 -> {
          byte[] longer = Arrays.copyOf(mutated, mutated.length + length);
          System.arraycopy(mutated, at, longer, at + length, mutated.length - at);
          mutated = longer;
        }
        default -> {
          byte[] shorter = Arrays.copyOf(mutated, mutated.length - length);
          System.arraycopy(mutated, at + length, shorter, at, mutated.length - at - length);
          mutated = shorter;
        }
      }
      if (mutated.length == 0) {
        return mutated;
      }
    }
    return mutated;
  }
}
