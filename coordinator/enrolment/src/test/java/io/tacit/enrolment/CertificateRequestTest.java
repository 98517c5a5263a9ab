package io.tacit.enrolment;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.protocol.ClientId;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateRequestTest {

  private static final Properties VECTORS = vectors();

  @ParameterizedTest
  @ValueSource(strings = {"ed25519", "p256"})
  void accepts_requests_of_openssl(String name) {
    byte[] key = HexFormat.of().parseHex(VECTORS.getProperty(name + "_key"));

    CertificateRequest request = accepted(CertificateRequest.check(vector(name)));

    assertThat(request.key().toBytes()).isEqualTo(key);
    assertThat(request.key().clientId()).isEqualTo(ClientId.ofIdentityKey(key));
  }

  @Test
  void knows_a_key_again_that_is_written_as_a_compressed_point() {
    assertThat(accepted(CertificateRequest.check(vector("p256_compressed"))))
        .isEqualTo(accepted(CertificateRequest.check(vector("p256"))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"p384", "secp256k1", "ed448", "rsa2048", "p256_explicit"})
  void refuses_other_keys_and_curves(String name) {
    assertThat(CertificateRequest.check(vector(name)))
        .isEqualTo(
            Refused.because(
                RefusalReason.REQUEST_KEY,
                "request is not for a valid key of Ed25519 or of ECDSA on P-256"));
  }

  @Test
  void refuses_another_hash_under_the_signature() {
    assertReason(vector("p256_sha384"), RefusalReason.REQUEST_SIGNATURE);
  }

  @Test
  void refuses_a_request_for_the_key_of_somebody_else() {
    TestDevice thief = TestDevice.ed25519();

    assertThat(CertificateRequest.check(thief.requestFor(TestDevice.ed25519().info())))
        .isEqualTo(
            Refused.because(
                RefusalReason.REQUEST_SIGNATURE,
                "request is not signed with its own key by Ed25519 or ECDSA with SHA-256"));
    assertReason(thief.requestFor(TestDevice.p256().info()), RefusalReason.REQUEST_SIGNATURE);
  }

  @Test
  void refuses_points_that_are_no_keys() {
    byte[] request = vector("ed25519");
    byte[] key = HexFormat.of().parseHex(VECTORS.getProperty("ed25519_key"));
    int at = indexOf(request, key);
    byte[] smallOrder = request.clone();
    Arrays.fill(smallOrder, at, at + 32, (byte) 0);
    byte[] offTheCurve = vector("p256");
    byte[] point = HexFormat.of().parseHex(VECTORS.getProperty("p256_key"));
    offTheCurve[indexOf(offTheCurve, point) + 64] ^= 1;

    assertReason(smallOrder, RefusalReason.REQUEST_KEY);
    assertReason(offTheCurve, RefusalReason.REQUEST_KEY);
  }

  @Test
  void refuses_a_large_request_unread() {
    assertThat(CertificateRequest.check(new byte[4_097]))
        .isEqualTo(
            Refused.because(
                RefusalReason.REQUEST_MALFORMED, "request has 4097 bytes, may have at most 4096"));
  }

  @Test
  void refuses_bytes_after_the_request() {
    byte[] request = vector("ed25519");

    assertReason(Arrays.copyOf(request, request.length + 1), RefusalReason.REQUEST_MALFORMED);
  }

  @Test
  void refuses_an_encoding_that_is_not_the_distinguished_one() {
    byte[] der = vector("ed25519");
    // The length in three bytes where two do.
    byte[] ber = new byte[der.length + 1];
    ber[0] = der[0];
    ber[1] = (byte) 0x82;
    ber[2] = 0;
    System.arraycopy(der, 2, ber, 3, der.length - 2);

    assertReason(ber, RefusalReason.REQUEST_MALFORMED);
  }

  @Test
  void survives_deep_nesting() {
    // Sequences of indefinite length: two bytes a level.
    byte[] nested = new byte[4_096];
    for (int i = 0; i < nested.length; i += 2) {
      nested[i] = 0x30;
      nested[i + 1] = (byte) 0x80;
    }

    assertReason(nested, RefusalReason.REQUEST_MALFORMED);
  }

  private static void assertReason(byte[] request, RefusalReason reason) {
    assertThat(CertificateRequest.check(request))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
  }

  private static CertificateRequest accepted(RequestCheck check) {
    assertThat(check).isInstanceOf(CertificateRequest.class);
    return (CertificateRequest) check;
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    for (int i = 0; i + part.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    throw new AssertionError("not in it");
  }

  private static byte[] vector(String name) {
    return Base64.getDecoder().decode(VECTORS.getProperty(name));
  }

  private static Properties vectors() {
    Properties read = new Properties();
    try (InputStream in =
        CertificateRequestTest.class.getResourceAsStream(
            "/vectors/certificate-requests.properties")) {
      read.load(in);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return read;
  }
}
