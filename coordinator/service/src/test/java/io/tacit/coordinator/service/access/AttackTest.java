package io.tacit.coordinator.service.access;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.tacit.coordinator.service.LogLines;
import io.tacit.coordinator.service.rpc.GrpcServer;
import io.tacit.enrolment.BootstrapTokenMint;
import io.tacit.enrolment.EnrolmentAuthority;
import io.tacit.enrolment.RevocationReason;
import io.tacit.enrolment.SerialNumber;
import io.tacit.protocol.ProtocolVersion;
import io.tacit.protocol.v1.CertificateResponse;
import io.tacit.protocol.v1.LoginResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Attacks on the admission of devices by a client that keeps to no rule. */
@QuarkusTest
@TestProfile(AdmissionTest.EnrolledDevices.class)
class AttackTest {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int TRIES_MAX = 100;
  private static final int HONEST_CALLS = 500;
  private static final int ATTACKERS = 3;

  @Inject GrpcServer server;
  @Inject Optional<EnrolmentAuthority> embedded;
  @Inject Optional<BootstrapTokenMint> backend;
  @Inject Revocations revocations;

  @Inject
  @ConfigProperty(name = "tacit.data-directory")
  Path directory;

  private EnrolmentAuthority authority;
  private BootstrapTokenMint mint;
  private RawDevice device;
  private byte[] certificate;

  @BeforeEach
  void enrol() throws GeneralSecurityException {
    authority = embedded.orElseThrow();
    mint = backend.orElseThrow();
    device = RawDevice.ed25519(server.port());
    certificate = device.certificate(bootstrapToken());
  }

  @AfterEach
  void disconnect() {
    device.close();
  }

  private String bootstrapToken() {
    return mint.mint("shop", Duration.ofMinutes(10), Optional.empty());
  }

  // ---- what is tried ----

  /**
   * An attack.
   *
   * @param code that answers it: status and reason, or the service and its refusal
   * @param logged the code that the coordinator's log has for it
   * @param secrets none of which may be in the log
   */
  private record Attack(
      String code, String logged, List<byte[]> secrets, Supplier<String> attempt) {

    static Attack call(TokenFault fault, String token, Supplier<String> attempt) {
      return new Attack(
          "UNAUTHENTICATED " + fault, fault.name(), List.of(token.getBytes(ISO_8859_1)), attempt);
    }

    static Attack login(LoginRefusal.Reason reason, byte[] secret, Supplier<String> attempt) {
      return new Attack(
          "LOGIN_REFUSAL_REASON_" + reason, "LOGIN_" + reason, List.of(secret), attempt);
    }
  }

  private List<Attack> attacks(RawDevice reconnected) throws Exception {
    String token = device.token(certificate);
    List<Attack> attacks = new ArrayList<>();

    attacks.add(Attack.call(TokenFault.TOKEN_MISSING, "none", () -> poll(device, null)));

    String expired = tokenOf(Instant.now().minusSeconds(901), accessKey());
    attacks.add(Attack.call(TokenFault.TOKEN_EXPIRED, expired, () -> poll(device, expired)));

    RawDevice thief = RawDevice.ed25519(server.port());
    attacks.add(Attack.call(TokenFault.OTHER_DEVICE, token, () -> poll(thief, token)));

    String forged = tokenOf(Instant.now(), SecretKey.generate(RANDOM));
    attacks.add(Attack.call(TokenFault.TOKEN_INVALID, forged, () -> poll(device, forged)));
    String huge = "A".repeat(4_000);
    attacks.add(Attack.call(TokenFault.TOKEN_INVALID, huge, () -> poll(device, huge)));

    byte[] spent = device.challenge();
    assertThat(device.login(spent, certificate).hasToken()).isTrue();
    attacks.add(
        Attack.login(
            LoginRefusal.Reason.CHALLENGE, spent, () -> login(device, spent, certificate)));
    attacks.add(
        Attack.login(
            LoginRefusal.Reason.CHALLENGE, spent, () -> login(reconnected, spent, certificate)));

    byte[] selfSigned = signedAnew(certificate, device);
    attacks.add(
        Attack.login(
            LoginRefusal.Reason.CERTIFICATE,
            selfSigned,
            () -> login(device, device.challenge(), selfSigned)));

    TestAuthority foreign = TestAuthority.create(Clock.systemUTC());
    byte[] certified = device.certificateOf(foreign.authority(), foreign.backend()).toDer();
    attacks.add(
        Attack.login(
            LoginRefusal.Reason.CERTIFICATE,
            certified,
            () -> login(device, device.challenge(), certified)));

    attacks.add(
        Attack.login(
            LoginRefusal.Reason.BAD_SIGNATURE,
            certificate,
            () -> login(thief, thief.challenge(), certificate)));

    String used = bootstrapToken();
    device.enrol(used);
    attacks.add(
        new Attack(
            "ENROLMENT_REFUSAL_REASON_TOKEN",
            "ENROLMENT_TOKEN_USED",
            List.of(used.getBytes(ISO_8859_1)),
            () -> enrol(thief, used)));

    RawDevice stolen = RawDevice.ed25519(server.port());
    byte[] revoked = stolen.certificate(bootstrapToken());
    String revokedToken = stolen.token(revoked);
    authority.revoke(serial(revoked), RevocationReason.KEY_COMPROMISE);
    revocations.refresh();
    attacks.add(
        Attack.call(
            TokenFault.CERTIFICATE_REVOKED, revokedToken, () -> poll(stolen, revokedToken)));
    attacks.add(
        Attack.login(
            LoginRefusal.Reason.REVOKED,
            revoked,
            () -> login(stolen, stolen.challenge(), revoked)));
    return attacks;
  }

  private SecretKey accessKey() {
    return SecretKey.openOrCreate(directory.resolve("access.key"), RANDOM);
  }

  private String tokenOf(Instant time, SecretKey key) {
    return new CallTokens(key, revocations, Clock.fixed(time, ZoneOffset.UTC))
        .grant(device.certificateOf(authority, mint))
        .text();
  }

  /** The certificate as it was, but with the device's signature in the authority's place. */
  private static byte[] signedAnew(byte[] der, RawDevice signer) throws IOException {
    TBSCertificate body = Certificate.getInstance(der).getTBSCertificate();
    DERBitString signature = new DERBitString(signer.sign(body.getEncoded(ASN1Encoding.DER)));
    return new DERSequence(new ASN1Encodable[] {body, signer.algorithm(), signature})
        .getEncoded(ASN1Encoding.DER);
  }

  private static SerialNumber serial(byte[] der) {
    return new SerialNumber(Certificate.getInstance(der).getSerialNumber().getValue().toString(16));
  }

  // ---- what comes of it ----

  private static String poll(RawDevice device, @Nullable String token) {
    try {
      device.poll(token);
      return "let in";
    } catch (StatusRuntimeException e) {
      Status.Code code = e.getStatus().getCode();
      Metadata trailers = Objects.requireNonNull(e.getTrailers());
      return code + " " + trailers.get(RawDevice.key(ProtocolVersion.REASON_KEY));
    }
  }

  private static String login(RawDevice device, byte[] challenge, byte[] certificate) {
    LoginResponse response = device.login(challenge, certificate);
    return response.hasToken() ? "let in" : response.getRefused().getReason().name();
  }

  private static String enrol(RawDevice device, String token) {
    CertificateResponse response = device.enrol(token);
    return response.hasCertificate() ? "let in" : response.getRefused().getReason().name();
  }

  @Test
  void each_attack_gets_its_reason_and_a_line_of_the_log_without_the_secret() throws Exception {
    try (RawDevice reconnected = device.reconnected(server.port());
        LogLines log = LogLines.capture()) {
      List<Attack> attacks = attacks(reconnected);
      for (Attack attack : attacks) {
        // A line a second and code is written: who asks again, waits for his.
        for (int i = 0; i == 0 || i < TRIES_MAX && !isIn(log, attack); i++) {
          assertThat(attack.attempt().get()).isEqualTo(attack.code());
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
        assertThat(isIn(log, attack)).as("%s in %s", attack.logged(), log.written()).isTrue();
      }
      for (Attack attack : attacks) {
        for (byte[] secret : attack.secrets()) {
          assertThat(log.written()).as(attack.code()).noneMatch(line -> shows(line, secret));
        }
      }
    }
  }

  private static boolean isIn(LogLines log, Attack attack) {
    return log.written().stream().anyMatch(line -> line.startsWith(attack.logged() + ": "));
  }

  /** As text, hex or base64, or its beginning. */
  private static boolean shows(String line, byte[] secret) {
    byte[] start = Arrays.copyOf(secret, Math.min(secret.length, 12));
    return !new String(secret, ISO_8859_1).equals("none")
        && (line.contains(new String(start, ISO_8859_1))
            || line.contains(HexFormat.of().formatHex(start))
            || line.contains(Base64.getUrlEncoder().encodeToString(start))
            || line.contains(Base64.getEncoder().encodeToString(start)));
  }

  @Test
  void honest_devices_are_answered_while_others_attack() throws Exception {
    String token = device.token(certificate);
    System.out.println("without attacks: " + latencies(token));
    ExecutorService attackers = Executors.newFixedThreadPool(ATTACKERS);
    AtomicBoolean over = new AtomicBoolean();
    List<Future<Integer>> refused = new ArrayList<>();
    try {
      for (int i = 0; i < ATTACKERS; i++) {
        RawDevice attacker = device.reconnected(server.port());
        List<Attack> attacks = attacks(attacker);
        refused.add(attackers.submit(() -> attackUntil(over, attacks)));
      }
      System.out.println("while attacked: " + latencies(token));
    } finally {
      over.set(true);
      attackers.shutdown();
    }
    int attempts = 0;
    for (Future<Integer> count : refused) {
      attempts += count.get(30, TimeUnit.SECONDS);
    }
    System.out.println("attacks refused: " + attempts);
    assertThat(attempts).isPositive();
  }

  private static int attackUntil(AtomicBoolean over, List<Attack> attacks) {
    int refused = 0;
    do {
      for (Attack attack : attacks) {
        assertThat(attack.attempt().get()).isEqualTo(attack.code());
        refused++;
      }
    } while (!over.get());
    return refused;
  }

  private String latencies(String token) {
    long[] micros = new long[HONEST_CALLS];
    for (int i = 0; i < HONEST_CALLS; i++) {
      long start = System.nanoTime();
      assertThat(device.poll(token).hasComeBack()).isTrue();
      micros[i] = (System.nanoTime() - start) / 1_000;
    }
    Arrays.sort(micros);
    return "calls of an honest device take %d us (median), %d us (99 of 100)"
        .formatted(micros[HONEST_CALLS / 2], micros[HONEST_CALLS * 99 / 100]);
  }

  // ---- the key of a device's hardware ----

  @Test
  void a_device_with_a_p256_key_enrols_logs_in_and_calls() throws Exception {
    try (RawDevice hardware = RawDevice.p256(server.port())) {
      byte[] certified = hardware.certificate(bootstrapToken());

      assertThat(hardware.poll(hardware.token(certified)).hasComeBack()).isTrue();
      assertThat(hardware.renew(certified).getRefused().getReason().name())
          .isEqualTo("ENROLMENT_REFUSAL_REASON_EARLY");
      assertThat(login(device, device.challenge(), certified))
          .isEqualTo("LOGIN_REFUSAL_REASON_BAD_SIGNATURE");
    }
  }
}
