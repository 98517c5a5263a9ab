package io.tacit.enrolment;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.testing.Fuzz;
import io.tacit.testing.SettableClock;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Sequence;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever the bytes are, the answer is a refusal and no exception. */
@Tag(Fuzz.TAG)
class MalformedInputTest {

  private static final TestAuthority TEST = TestAuthority.create();

  @AfterAll
  static void close() {
    TEST.database().close();
  }

  @Test
  void requests() {
    byte[] ed25519 = TestDevice.ed25519().request();
    byte[] p256 = TestDevice.p256().request();
    Fuzz.of(ed25519, p256)
        .feed(
            input -> {
              boolean sound = Arrays.equals(input, ed25519) || Arrays.equals(input, p256);
              assertThat(CertificateRequest.check(input) instanceof Refused).isEqualTo(!sound);
            });
  }

  @Test
  void certificates() {
    byte[] ed25519 = TEST.enrol(TestDevice.ed25519()).toDer();
    byte[] p256 = TEST.enrol(TestDevice.p256()).toDer();
    RootCertificate root = TEST.root().certificate();
    Fuzz.of(ed25519, p256)
        .feed(
            input -> {
              boolean sound = Arrays.equals(input, ed25519) || Arrays.equals(input, p256);
              assertThat(CertificateVerifier.checkOrigin(input, root) instanceof Refused)
                  .isEqualTo(!sound);
            });
  }

  /** Found by the long run: its extension has a population and no level. */
  @Test
  void a_certificate_with_half_an_admission() {
    byte[] found =
        Base64.getDecoder()
            .decode(
                "MIIB7TCCAZ+gAwIBAgIUb5aLytS1ztCwDPENeFXXwb9VxkowBQYDK2VwMDMxIjAgBgNVBAoMGVRhY2l0IGVu"
                    + "cm9sbWVudCBhdXRob3JpdHkxDTALBgNVBAMMBHRlc3QwHhcNMjUxMjMxMjM1NTAwWhcNMjYwNDAxMDAwMDAw"
                    + "WjBLMUkwRwYDVQQDDEA2ODg0ZTNjMjBkMTk2OTM1NTBjZTQ1ZTg4ZjQwYjg3ZjM3MjAzNzU1Y2JlMDY5ZWQy"
                    + "MWU2MjY5MDEyZTg4ZjI2MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEjcwf9loczReQb2AeBfeaSOIylY7A"
                    + "BQXGs1eGQSvCCJ24tgveG1glQF+NA50Z1IjVy5SV8XG0SNMF0NuU8990DKN+MHwwHwYDVR0jBBgwFoAUq03e"
                    + "LS1KlreIiutX7mjh/JBR2WMwDAYDVR0TAQH/BAIwADAOBgNVHQ8BAf8EBAMCB4AwFgYDVR0lAQH/BAwwCgYI"
                    + "KwYBBQUHAwIwIwYUaYLDhPi7iqv6nr+Gjbrfoo2s8BUECzAJDAdzaG9wAgEAMAUGAytlcANBAPs84zCZFQLe"
                    + "Iw+9zlgi9COna6fqtgFwWiMPJsepnum4wYBHv5qglW4M/CTt4LXA+hlHmzzsj76JTdUCqTZvpwk=");

    assertThat(CertificateVerifier.checkOrigin(found, TEST.root().certificate()))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(RefusalReason.CERTIFICATE_MALFORMED));
  }

  @Test
  void lists_and_roots() {
    TEST.authority().revoke(TEST.enrol(TestDevice.ed25519()).serial(), RevocationReason.SUPERSEDED);
    byte[] list = TEST.authority().revocationList().toDer();
    RootCertificate root = TEST.root().certificate();
    Fuzz.of(list)
        .feed(
            input ->
                assertThat(RevocationList.read(input, root).isPresent())
                    .isEqualTo(Arrays.equals(input, list)));
    Fuzz.of(root.toDer())
        .feed(
            input ->
                assertThat(RootCertificate.read(input).isPresent())
                    .isEqualTo(Arrays.equals(input, root.toDer())));
  }

  @Test
  void tokens() {
    SecureRandom random = new SecureRandom();
    Clock clock = SettableClock.create();
    IdentityKeyPair backend = IdentityKeyPair.generate(random);
    BootstrapTokens tokens =
        new BootstrapTokens(List.of(backend.publicKey()), Set.of("shop"), clock);
    String sound =
        new BootstrapTokenMint(backend, random, clock)
            .mint("shop", Duration.ofMinutes(10), Optional.of(TestAuthority.ACCOUNT));
    Fuzz.of(sound.getBytes(US_ASCII))
        .feed(
            input -> {
              String text = new String(input, ISO_8859_1);
              assertThat(tokens.check(text) instanceof Refused).isEqualTo(!text.equals(sound));
            });
  }

  @Test
  void json_der_and_pem() {
    Fuzz.of(
            ("{\"aud\":[\"shop\"],\"jti\":\"0123456789abcdef\",\"iat\":1,\"exp\":2,"
                    + "\"x\":{\"y\":[1.5]}}")
                .getBytes(US_ASCII))
        .feed(input -> FlatJson.read(input).ifPresent(json -> json.text("aud")));
    Fuzz.of(TestDevice.ed25519().request())
        .feed(input -> Der.read(input, ASN1Sequence::getInstance, Optional::of));
    Fuzz.of(TEST.root().certificate().toPem().getBytes(US_ASCII))
        .feed(input -> Pem.read(new String(input, ISO_8859_1)));
  }
}
