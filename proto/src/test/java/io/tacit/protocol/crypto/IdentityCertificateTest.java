package io.tacit.protocol.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.testing.Fuzz;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What OpenSSL 3.0.19 made of the key whose seed is 00 01 .. 1f. */
class IdentityCertificateTest {

  /** {@code openssl req -x509 -new -subj /CN=device -days 90}. */
  private static final byte[] CERTIFICATE =
      decoded(
          "MIIBIzCB1qADAgECAgEBMAUGAytlcDARMQ8wDQYDVQQDDAZkZXZpY2UwHhcNMjYxMTI0MTczNTQwWhcNMjcw"
              + "MjIyMTczNTQwWjARMQ8wDQYDVQQDDAZkZXZpY2UwKjAFBgMrZXADIQADoQe/884Qvh1w3RjnS8CZZ+TWMJul"
              + "DV8d3IZkElUxuKNTMFEwHQYDVR0OBBYEFP2Bpttk1vr39wLAeXGoLCXB3DyQMB8GA1UdIwQYMBaAFP2Bpttk"
              + "1vr39wLAeXGoLCXB3DyQMA8GA1UdEwEB/wQFMAMBAf8wBQYDK2VwA0EAw6JXu7j4zhHTr6TLWfeDeB2uJJtx"
              + "CWTDyUG+tTgMBpzAeiWTcLuGkTywRMERGN2BuB0llX+iB8nqRI79F8STBg==");

  /** {@code openssl req -new -subj /}. */
  private static final byte[] REQUEST =
      decoded(
          "MH8wMwIBADAAMCowBQYDK2VwAyEAA6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbigADAFBgMrZXAD"
              + "QQD+T6LD/tC3dgs1QpDKx4kUxYQE7xZe9aBnQUcZw2xzeoWgFx/pD/xHAMYHE4CCTNhwz2GdgvzsSlQWl8Kw"
              + "MroI");

  private static final IdentityKeyPair KEYS = keys();

  private static byte[] decoded(String base64) {
    return Base64.getDecoder().decode(base64);
  }

  private static IdentityKeyPair keys() {
    byte[] seed = new byte[IdentityKeyPair.SEED_LENGTH];
    for (int i = 0; i < seed.length; i++) {
      seed[i] = (byte) i;
    }
    return IdentityKeyPair.fromSeed(seed);
  }

  private static long millis(String instant) {
    return Instant.parse(instant).toEpochMilli();
  }

  @Test
  void a_request_is_byte_for_byte_that_of_openssl() {
    assertThat(KEYS.certificateRequest()).isEqualTo(REQUEST);
  }

  @Test
  void reads_the_certificate_of_its_key() {
    IdentityCertificate read =
        IdentityCertificate.read(CERTIFICATE, KEYS.publicKey()).orElseThrow();

    assertThat(read.toDer()).isEqualTo(CERTIFICATE);
    assertThat(read.serial()).isEqualTo("1");
    assertThat(read.isExpiredAt(millis("2027-02-22T17:35:40Z"))).isFalse();
    assertThat(read.isExpiredAt(millis("2027-02-22T17:35:41Z"))).isTrue();
    assertThat(read.isDueAt(millis("2027-01-31T00:00:00Z"))).isFalse();
    assertThat(read.isDueAt(millis("2027-01-31T06:00:00Z"))).isTrue();
  }

  @Test
  void tells_who_signed_it() {
    IdentityKey authority = IdentityKey.ofCertificate(CERTIFICATE);
    IdentityKey other = IdentityKeyPair.generate(new SecureRandom()).publicKey();

    assertThat(authority).isEqualTo(KEYS.publicKey());
    IdentityCertificate selfSigned =
        IdentityCertificate.read(CERTIFICATE, KEYS.publicKey()).orElseThrow();
    assertThat(selfSigned.isSignedBy(authority)).isTrue();
    assertThat(selfSigned.isSignedBy(other)).isFalse();
    byte[] altered = CERTIFICATE.clone();
    altered[altered.length - 1] ^= 1;
    assertThat(
            IdentityCertificate.read(altered, KEYS.publicKey()).orElseThrow().isSignedBy(authority))
        .isFalse();
  }

  @Test
  void what_is_no_certificate_has_no_key() {
    assertThatThrownBy(() -> IdentityKey.ofCertificate(REQUEST))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("certificate of 129 bytes is not for an Ed25519 key");
  }

  @Test
  void a_certificate_of_another_key_is_none() {
    IdentityKey other = IdentityKeyPair.generate(new SecureRandom()).publicKey();

    assertThat(IdentityCertificate.read(CERTIFICATE, other)).isEmpty();
  }

  @Test
  void bytes_that_are_cut_off_or_too_many_are_no_certificate() {
    for (int length = 0; length < CERTIFICATE.length; length++) {
      assertThat(IdentityCertificate.read(Arrays.copyOf(CERTIFICATE, length), KEYS.publicKey()))
          .as(length + " bytes")
          .isEmpty();
    }
    assertThat(IdentityCertificate.read(new byte[2_049], KEYS.publicKey())).isEmpty();
  }

  @Test
  void altered_bytes_give_a_certificate_or_none_and_never_an_exception() {
    for (int i = 0; i < CERTIFICATE.length; i++) {
      for (int value = 0; value < 256; value++) {
        byte[] altered = CERTIFICATE.clone();
        altered[i] = (byte) value;
        assertThat(IdentityCertificate.read(altered, KEYS.publicKey())).isNotNull();
      }
    }
  }

  @Test
  @Tag(Fuzz.TAG)
  void damaged_bytes_are_a_certificate_of_the_key_or_none() {
    Fuzz.of(CERTIFICATE).feed(input -> IdentityCertificate.read(input, KEYS.publicKey()));
    Fuzz.of(CERTIFICATE)
        .refusedWith(IllegalArgumentException.class)
        .feed(IdentityKey::ofCertificate);
  }
}
