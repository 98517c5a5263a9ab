package io.tacit.coordinator.plans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.protocol.crypto.TaskKeyPair;
import io.tacit.protocol.plan.PlanArtifact;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskKeysTest {

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final TaskKeyPair KEY = TaskKeyPair.generate(new SecureRandom());
  private static final TrainingPlan PLAN =
      PlanFile.parse(TestPlans.TABULAR, TestPlans.NO_CATALOGUES)
          .withNotAfter(NOW.plus(Duration.ofDays(1)));

  @TempDir Path directory;

  private TaskKeys keys() throws IOException {
    return TaskKeys.read(Files.writeString(directory.resolve("keys.pem"), KEY.publicKey().toPem()));
  }

  @Test
  void without_keys_plans_for_development_need_no_signature() {
    assertThat(TaskKeys.none().objectionTo(PlanArtifact.unsigned(PLAN))).isEmpty();
    assertThat(TaskKeys.none().objectionTo(PlanArtifact.sign(PLAN, KEY, NOW))).isEmpty();
  }

  @Test
  void with_keys_only_their_signatures_are_taken() throws IOException {
    TaskKeyPair other = TaskKeyPair.generate(new SecureRandom());
    byte[] altered = PlanArtifact.sign(PLAN, KEY, NOW).toBytes();
    altered[altered.length - 1] ^= 1;
    String what = "plan " + PLAN.id() + " version " + PLAN.version();

    assertThat(keys().objectionTo(PlanArtifact.sign(PLAN, KEY, NOW))).isEmpty();
    assertThat(keys().objectionTo(PlanArtifact.unsigned(PLAN)))
        .contains(
            what
                + " is not signed, must be signed with task key "
                + KEY.publicKey().id()
                + " (setting tacit.task-keys); sign it with --key");
    assertThat(keys().objectionTo(PlanArtifact.sign(PLAN, other, NOW)))
        .contains(
            what
                + " is signed with task key "
                + other.publicKey().id()
                + ", must be signed with "
                + KEY.publicKey().id()
                + " (setting tacit.task-keys); sign it with that key, or add this one there");
    assertThat(keys().objectionTo(PlanArtifact.fromBytes(altered)))
        .contains(
            what
                + " was altered after it was signed with task key "
                + KEY.publicKey().id()
                + "; sign it anew");
  }

  @Test
  void a_file_without_keys_is_refused_with_the_settings_name() {
    Path missing = directory.resolve("missing.pem");
    assertThatThrownBy(() -> TaskKeys.read(missing))
        .hasMessageStartingWith(
            "tacit.task-keys is " + missing + ", must be a readable PEM file of public task keys");
  }
}
