package io.tacit.cli.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.protocol.crypto.TaskKeyPair;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.FeatureSchema;
import io.tacit.protocol.plan.PlanArtifact;
import io.tacit.protocol.plan.SignatureState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanSigningTest {

  private static final String CATALOGUE = "#tacit-catalogue 1\na\tA\nb\tB\n";
  private static final String PLAN =
      """
      id: shop
      version: 3
      population: test
      model: {kind: two-tower}
      features: {catalogue: {file: items.txt}}
      aggregation: {mode: plain, development: true}
      """;

  private final TaskKeyPair key = TaskKeyPair.generate(new SecureRandom());
  private final PlanSigning signing =
      new PlanSigning(key, Clock.fixed(Instant.parse("2026-11-24T12:00:00Z"), ZoneOffset.UTC));

  @TempDir Path directory;

  private PlanArtifact sign(String plan) throws IOException {
    Files.writeString(directory.resolve("items.txt"), CATALOGUE);
    return signing.sign(PlanFile.read(Files.writeString(directory.resolve("plan.yaml"), plan)));
  }

  @Test
  void signs_what_it_read_itself_with_the_catalogue_of_the_file() throws IOException {
    PlanArtifact signed = sign(PLAN + "not-after: 2027-06-30\n");

    assertThat(signed.check(List.of(key.publicKey()))).isEqualTo(SignatureState.VALID);
    assertThat(signed.plan().notAfter()).isEqualTo("2027-06-30T23:59:59Z");
    FeatureSchema.Items items = (FeatureSchema.Items) signed.plan().features();
    assertThat(items.catalogueHash())
        .isEqualTo(Catalogue.fromBytes(CATALOGUE.getBytes(UTF_8)).contentHash());
    assertThat(items.catalogueItems()).isEqualTo(2);
  }

  @Test
  void says_what_is_wrong_with_a_plan_that_it_does_not_sign() {
    assertThatThrownBy(() -> sign(PLAN))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "The plan can not be signed: not-after is missing, must be later than now and at most"
                + " 2036-12-01T12:00:00Z in a plan that is signed; say until when devices may"
                + " follow this version.");
    assertThatThrownBy(() -> sign(PLAN + "not-after: soon\n"))
        .hasMessageContaining(
            "not-after is \"soon\", must be a day such as 2027-06-30, or a time such as"
                + " 2027-06-30T12:00:00Z");
  }

  @Test
  void makes_a_key_for_its_owner_only_and_never_overwrites_one() throws IOException {
    Path file = directory.resolve("task.pem");

    TaskKeyFile.create(file, key);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(TaskKeyFile.read(file).publicKey()).isEqualTo(key.publicKey());
    assertThatThrownBy(() -> TaskKeyFile.create(file, key))
        .isInstanceOf(IOException.class)
        .hasMessage(file + " exists, and a key is never overwritten; name another file.");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThatThrownBy(() -> TaskKeyFile.read(file))
        .hasMessage(
            "Task key %s has permissions rw-r-----, must be for its owner only; chmod 600 %s."
                .formatted(file, file));
  }
}
