package io.tacit.protocol.plan;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.crypto.TaskKey;
import io.tacit.protocol.crypto.TaskKeyPair;
import io.tacit.protocol.crypto.Transcript;
import io.tacit.testing.Fuzz;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PlanArtifactTest {

  private static final String VECTOR = "/vectors/signed-plan.properties";
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final Instant END = Instant.parse("2027-06-30T23:59:59Z");

  /** RFC 8032, section 7.1, test 1: the secret key and its public key. */
  private static final TaskKeyPair KEY =
      TaskKeyPair.fromPem(
          "-----BEGIN PRIVATE KEY-----\n"
              + "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
              + "-----END PRIVATE KEY-----\n");

  private static final List<TaskKey> TRUSTED = List.of(KEY.publicKey());

  private static final TrainingPlan PLAN = TrainingPlanTest.anyPlan().withNotAfter(END);

  @Test
  void reads_the_key_of_the_rfc_and_writes_it_as_it_was() {
    assertThat(KEY.publicKey().toPem())
        .isEqualTo(
            "-----BEGIN PUBLIC KEY-----\n"
                + "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
                + "-----END PUBLIC KEY-----\n");
    assertThat(TaskKeyPair.fromPem(KEY.toPem()).publicKey()).isEqualTo(KEY.publicKey());
    assertThat(TaskKey.fromPem("owner:\n" + KEY.publicKey().toPem() + KEY.publicKey().toPem()))
        .containsExactly(KEY.publicKey(), KEY.publicKey());
  }

  @Test
  void signs_the_plan_and_nothing_else_of_the_artifact() {
    PlanArtifact signed = PlanArtifact.sign(PLAN, KEY, NOW);

    byte[] bytes = signed.toBytes();
    byte[] body = Arrays.copyOf(bytes, bytes.length - 102);
    assertThat(body).isEqualTo(PLAN.toBytes());
    assertThat(Arrays.copyOfRange(bytes, bytes.length - 64, bytes.length))
        .isEqualTo(KEY.sign(Transcript.info("plan", body)));
    assertThat(signed.hash()).isEqualTo(ContentHash.of(bytes)).isNotEqualTo(PLAN.contentHash());
  }

  @Test
  void takes_what_openssl_signed_and_signs_the_same() throws Exception {
    Properties vector = new Properties();
    try (InputStream file = PlanArtifactTest.class.getResourceAsStream(VECTOR)) {
      vector.load(file);
    }
    HexFormat hex = HexFormat.of();
    byte[] plan = hex.parseHex(vector.getProperty("plan"));
    byte[] keyId = hex.parseHex("7a640a20" + vector.getProperty("key-id"));
    byte[] signature = hex.parseHex("1240" + vector.getProperty("signature"));

    PlanArtifact signed = PlanArtifact.fromBytes(concat(plan, concat(keyId, signature)));

    assertThat(signed.check(TRUSTED)).isEqualTo(SignatureState.VALID);
    assertThat(signed.plan().notAfter()).isEqualTo(vector.getProperty("not-after"));
    assertThat(signed.hash()).hasToString(vector.getProperty("artifact-sha256"));
    assertThat(KEY.sign(Transcript.info("plan", plan)))
        .isEqualTo(Arrays.copyOfRange(signature, 2, signature.length));
  }

  @Test
  void the_signature_of_the_jdk_takes_what_ours_signs() throws Exception {
    byte[] bytes = PlanArtifact.sign(PLAN, KEY, NOW).toBytes();
    int length = bytes.length - 102;
    Signature verifier = Signature.getInstance("Ed25519");
    verifier.initVerify(
        KeyFactory.getInstance("Ed25519")
            .generatePublic(
                new X509EncodedKeySpec(
                    Base64.getMimeDecoder()
                        .decode(KEY.publicKey().toPem().replaceAll("-----.*-----", "")))));

    // As the README of the protocol has it, written out.
    verifier.update("tacit-sa1/plan\0".getBytes(StandardCharsets.US_ASCII));
    verifier.update(ByteBuffer.allocate(4).putInt(length).array());
    verifier.update(bytes, 0, length);

    assertThat(verifier.verify(bytes, bytes.length - 64, 64)).isTrue();
  }

  @Test
  void comes_back_from_its_bytes_with_plan_end_and_signature() {
    PlanArtifact again = PlanArtifact.fromBytes(PlanArtifact.sign(PLAN, KEY, NOW).toBytes());

    assertThat(again.plan()).isEqualTo(PLAN);
    assertThat(again.plan().notAfter()).isEqualTo(END);
    assertThat(again.signer()).contains(KEY.publicKey().id());
    assertThat(again.check(TRUSTED)).isEqualTo(SignatureState.VALID);
  }

  @Test
  void no_byte_can_be_changed_left_out_or_added_unnoticed() {
    byte[] good = PlanArtifact.sign(PLAN, KEY, NOW).toBytes();
    for (int position = 0; position < good.length; position++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] changed = good.clone();
        changed[position] ^= (byte) (1 << bit);
        assertRefused(changed, "bit " + bit + " of byte " + position);
      }
      byte[] shorter = new byte[good.length - 1];
      System.arraycopy(good, 0, shorter, 0, position);
      System.arraycopy(good, position + 1, shorter, position, good.length - position - 1);
      assertRefused(shorter, "without byte " + position);
    }
    // Protobuf takes fields in any order and skips unknown ones: field 100, behind and before.
    byte[] unknown = {(byte) 0xa0, 6, 1};
    assertRefused(concat(good, unknown), "an unknown field behind");
    assertRefused(concat(unknown, good), "an unknown field before");
    byte[] suffix = Arrays.copyOfRange(good, good.length - 102, good.length);
    assertRefused(concat(suffix, PLAN.toBytes()), "the signature first");
    assertRefused(concat(good, suffix), "the signature twice");
  }

  private static void assertRefused(byte[] bytes, String what) {
    SignatureState state;
    try {
      state = PlanArtifact.fromBytes(bytes).check(TRUSTED);
    } catch (IllegalArgumentException e) {
      return; // No plan at all any more.
    }
    assertThat(state).as(what).isNotEqualTo(SignatureState.VALID);
  }

  private static byte[] concat(byte[] one, byte[] other) {
    byte[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }

  @Test
  void tells_unsigned_foreign_and_altered_apart() {
    TaskKey other = TaskKeyPair.generate(new SecureRandom()).publicKey();
    PlanArtifact signed = PlanArtifact.sign(PLAN, KEY, NOW);
    byte[] altered = signed.toBytes();
    altered[altered.length - 1] ^= 1;

    assertThat(PlanArtifact.unsigned(PLAN).check(TRUSTED)).isEqualTo(SignatureState.UNSIGNED);
    assertThat(PlanArtifact.unsigned(PLAN).hash()).isEqualTo(PLAN.contentHash());
    assertThat(signed.check(List.of(other))).isEqualTo(SignatureState.FOREIGN_KEY);
    assertThat(signed.check(List.of(other, KEY.publicKey()))).isEqualTo(SignatureState.VALID);
    assertThat(PlanArtifact.fromBytes(altered).check(TRUSTED)).isEqualTo(SignatureState.ALTERED);
  }

  @Test
  void signs_only_plans_that_end_in_the_years_to_come() {
    assertThatThrownBy(() -> PlanArtifact.sign(TrainingPlanTest.anyPlan(), KEY, NOW))
        .isInstanceOf(InvalidPlanException.class)
        .hasMessage(
            "not-after is missing, must be later than now and at most 2036-12-01T12:00:00Z in a"
                + " plan that is signed; say until when devices may follow this version");
    assertThatThrownBy(() -> PlanArtifact.sign(PLAN.withNotAfter(NOW), KEY, NOW))
        .hasMessageStartingWith("not-after is 2026-11-24T12:00:00Z, must be later than now");
    Instant tooFar = NOW.plus(PlanArtifact.VALIDITY_MAX).plus(Duration.ofSeconds(1));
    assertThatThrownBy(() -> PlanArtifact.sign(PLAN.withNotAfter(tooFar), KEY, NOW))
        .hasMessageStartingWith("not-after is 2036-12-01T12:00:01Z, must be later than now");
    assertThatThrownBy(() -> PLAN.withNotAfter(Instant.EPOCH))
        .hasMessage(
            "not-after is 1970-01-01T00:00:00Z, must be 2000-01-01T00:00:00Z to"
                + " 2199-12-31T23:59:59Z; say until when devices may follow this version");
  }

  @Test
  void tells_nothing_of_a_key_that_it_can_not_read() {
    assertThatThrownBy(
            () ->
                TaskKeyPair.fromPem(
                    "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----"))
        .hasMessage("a PRIVATE KEY is not an Ed25519 key; make one with tacit key create")
        .hasNoCause();
    assertThatThrownBy(() -> TaskKey.fromPem(KEY.toPem()))
        .hasMessage(
            "there are 0 blocks BEGIN PUBLIC KEY, must be 1 to 16; tacit key show prints such a"
                + " block");
    assertThat(KEY).hasToString("TaskKeyPair[" + KEY.publicKey().id() + "]");
  }

  @Test
  @Tag(Fuzz.TAG)
  void nothing_damaged_passes_for_the_owners_plan_or_key() {
    PlanArtifact signed = PlanArtifact.sign(PLAN, KEY, NOW);

    Fuzz.of(signed.toBytes())
        .refusedWith(IllegalArgumentException.class, InvalidPlanException.class)
        .feed(
            input -> {
              PlanArtifact read = PlanArtifact.fromBytes(input);
              if (read.check(TRUSTED) == SignatureState.VALID) {
                assertThat(read.plan()).isEqualTo(PLAN);
                assertThat(input).isEqualTo(signed.toBytes());
              }
            });
    Fuzz.of(KEY.publicKey().toPem().getBytes(US_ASCII), KEY.toPem().getBytes(US_ASCII))
        .refusedWith(IllegalArgumentException.class)
        .feed(
            input -> {
              String pem = new String(input, ISO_8859_1);
              if (pem.contains("PRIVATE")) {
                TaskKeyPair.fromPem(pem);
              } else {
                TaskKey.fromPem(pem);
              }
            });
  }
}
