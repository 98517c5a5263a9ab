package io.tacit.coordinator.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.coordinator.sessions.Refusal;
import io.tacit.coordinator.sessions.SubmitOutcome;
import io.tacit.protocol.Stage;
import io.tacit.protocol.Suite;
import io.tacit.protocol.session.SignedKeyShares;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages of a secure session that are late, repeated, replayed or of somebody else. */
class LateMessagesTest {

  private static final int SIZE = SecureSessionScript.SIZE;

  @TempDir Path directory;

  private SecureSessionScript script;

  @BeforeEach
  void open() {
    script = SecureSessionScript.in(directory);
  }

  @AfterEach
  void close() {
    script.coordinator.close();
  }

  @Test
  void repetitions_get_the_same_answer_and_other_bytes_are_refused_in_each_stage() {
    script.start(Suite.CLASSIC);
    SecureDevice device = script.devices.get(0);
    device.hear();
    SignedKeyShares first = device.keyShares();
    device.share();
    assertThat(device.share(first)).isInstanceOf(SubmitOutcome.Durable.class);
    assertThat(device.share(otherBytes(first))).isEqualTo(otherBytes("SHARE_KEYS"));
    script.stage(Stage.SHARE_KEYS, SIZE);

    script.stage(Stage.INPUT, SIZE);
    assertThat(device.uploadAgain()).isInstanceOf(SubmitOutcome.Durable.class);
    assertThat(device.upload(script.update(77))).isEqualTo(otherBytes("INPUT"));

    script.stage(Stage.CONSISTENCY, SIZE);
    assertThat(device.sign()).isInstanceOf(SubmitOutcome.Durable.class);
    assertThat(device.sign(device.signatureOver(new byte[32])))
        .isEqualTo(otherBytes("CONSISTENCY"));
    script.stage(Stage.UNMASK, SIZE);
    script.coordinator.tick();
    script.assertCompleted(SIZE);
  }

  private static SignedKeyShares otherBytes(SignedKeyShares shares) {
    byte[] body = shares.body();
    body[5] ^= 1;
    return SignedKeyShares.of(body, shares.signature());
  }

  private static Refusal otherBytes(String stage) {
    return new Refusal(
        Refusal.Reason.OTHER_BYTES,
        "Other bytes of this client for stage " + stage + " are stored already; do not repeat.");
  }

  @Test
  void messages_before_and_after_their_stage_are_refused_and_change_nothing() {
    script.start(Suite.CLASSIC);
    SecureDevice late = script.devices.get(SIZE - 1);
    late.hear();
    script.stage(Stage.SHARE_KEYS, SIZE - 1);
    assertClosed(late.share(), "INPUT and takes no messages of stage SHARE_KEYS");
    assertThat(late.sign(late.signatureOver(new byte[32])))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.STAGE_CLOSED));
    late.hear();
    assertThat(late.upload(script.update(9)))
        .isEqualTo(
            new Refusal(
                Refusal.Reason.STAGE_CLOSED,
                "the client is out of the session, its key shares were not there when those of"
                    + " the others froze; take part in another round"));

    SecureDevice dropped = script.devices.get(SIZE - 2);
    dropped.hear();
    script.stage(Stage.INPUT, SIZE - 2);
    assertThat(dropped.upload(script.update(8)))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.STAGE_CLOSED));
    dropped.hear();
    assertThat(dropped.sign())
        .isEqualTo(
            new Refusal(
                Refusal.Reason.STAGE_CLOSED,
                "the client is out of the session, its update was not there when those of the"
                    + " others froze; take part in another round"));
    script.stage(Stage.CONSISTENCY, SIZE - 2);
    assertThat(dropped.reveal())
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.STAGE_CLOSED));
    script.stage(Stage.UNMASK, SIZE - 2);
    script.coordinator.tick();

    script.assertCompleted(SIZE - 2);
  }

  private static void assertClosed(SubmitOutcome outcome, String what) {
    assertThat(outcome)
        .isEqualTo(
            new Refusal(
                Refusal.Reason.STAGE_CLOSED,
                "the session is at stage " + what + "; take part in another round"));
  }

  @Test
  void a_message_of_another_session_or_member_is_refused() {
    script.start(Suite.CLASSIC);
    script.devices.forEach(SecureDevice::hear);
    SignedKeyShares shares = script.devices.get(1).keyShares();

    assertThat(script.devices.get(0).share(shares))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.BAD_SIGNATURE));
    script.stage(Stage.SHARE_KEYS, SIZE);
    script.stage(Stage.INPUT, SIZE);
    script.devices.forEach(SecureDevice::hear);
    assertThat(script.devices.get(0).sign(script.devices.get(0).signatureOver(new byte[32])))
        .isEqualTo(
            new Refusal(
                Refusal.Reason.BAD_SIGNATURE,
                "the signature is not this member's over the digest of the survivors"));
    script.stage(Stage.CONSISTENCY, SIZE);
    assertThat(script.devices.get(0).reveal(script.devices.get(1).revealed()))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.BAD_SIGNATURE));
  }

  @Test
  void keys_that_another_device_advertised_are_refused_before_the_roster_freezes() {
    script.plan = script.coordinator.apply(SecureRounds.plan("s", Suite.CLASSIC, SIZE, SIZE, 7, 3));
    script.devices = SecureRounds.joined(script.coordinator, 0, 1);
    SecureDevice copier = new SecureDevice(script.coordinator.coordinator, 5);
    assertThat(copier.offered()).isTrue();

    assertThat(copier.advertise(copier.advertisementWithKeysOf(script.devices.get(0))))
        .isEqualTo(
            new Refusal(
                Refusal.Reason.BAD_SIGNATURE,
                "a session key is that of another device; make new keys for each session"));
    assertThat(copier.advertise()).isInstanceOf(SubmitOutcome.Durable.class);
  }
}
