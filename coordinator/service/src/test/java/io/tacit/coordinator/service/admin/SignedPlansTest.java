package io.tacit.coordinator.service.admin;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.tacit.coordinator.audit.AuditEntry;
import io.tacit.coordinator.audit.AuditLog;
import io.tacit.coordinator.plans.CatalogueLookup;
import io.tacit.coordinator.plans.PlanFile;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.crypto.TaskKeyPair;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.PlanArtifact;
import io.tacit.protocol.plan.TrainingPlan;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A coordinator that is told whose signatures it takes. */
@QuarkusTest
@TestProfile(SignedPlansTest.OneOwner.class)
class SignedPlansTest {

  static final String ADMIN_TOKEN = "tacit-admin-" + "A".repeat(43);
  private static final TaskKeyPair OTHER = TaskKeyPair.generate(new SecureRandom());

  /** The same in the profile and in the test, whose class is loaded twice. */
  static final TaskKeyPair OWNER =
      TaskKeyPair.fromPem(
          """
          -----BEGIN PRIVATE KEY-----
          MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
          -----END PRIVATE KEY-----
          """);

  @Inject AuditLog audit;

  /** {@code tacit.task-keys} names a file with the owner's public key. */
  public static final class OneOwner implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
      try {
        Path keys = Files.createTempFile("task-keys", ".pem");
        keys.toFile().deleteOnExit();
        Files.writeString(keys, OWNER.publicKey().toPem());
        return Map.of("tacit.task-keys", keys.toString());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Plans over attributes have none. */
  private static final class NoCatalogues implements CatalogueLookup {

    @Override
    public Optional<Catalogue> find(ContentHash hash) {
      return Optional.empty();
    }

    @Override
    public Optional<Catalogue> file(String path) {
      return Optional.empty();
    }
  }

  private static String yaml(String id) {
    return """
    id: %s
    version: 1
    population: test
    model: {kind: tabular, layers: [{units: 1, activation: sigmoid}]}
    features: {label: bought, list: [{name: age, numeric: {mean: 40, standard-deviation: 12}}]}
    aggregation: {mode: plain, development: true}
    """
        .formatted(id);
  }

  private static PlanArtifact signed(String id, TaskKeyPair key) {
    TrainingPlan plan = PlanFile.parse(yaml(id), new NoCatalogues());
    Instant now = Instant.now();
    return PlanArtifact.sign(plan.withNotAfter(now.plus(Duration.ofDays(1))), key, now);
  }

  private static RequestSpecification admin() {
    return given().auth().oauth2(ADMIN_TOKEN);
  }

  private static ValidatableResponse post(byte[] plan) {
    return admin().contentType("application/octet-stream").body(plan).post("/api/v1/plans").then();
  }

  private AuditEntry lastLine() {
    List<AuditEntry> lines = audit.list(0, AuditLog.LIST_MAX);
    return lines.get(lines.size() - 1);
  }

  @Test
  void takes_what_the_owner_signed_keeps_every_byte_and_records_the_key() {
    PlanArtifact plan = signed("owned", OWNER);

    post(plan.toBytes()).statusCode(201).body("hash", equalTo(plan.hash().toHex()));

    assertThat(lastLine().event().target())
        .isEqualTo(
            "plan owned version 1 hash "
                + plan.hash()
                + ", signed with task key "
                + OWNER.publicKey().id());
    post(plan.toBytes()).statusCode(200);
    byte[] file = admin().get("/api/v1/plans/owned/file").then().extract().asByteArray();
    assertThat(file).isEqualTo(plan.toBytes());
    admin()
        .get("/api/v1/plans/owned")
        .then()
        .body("signedBy", equalTo(OWNER.publicKey().id().toHex()));
  }

  @Test
  void refuses_what_is_unsigned_altered_or_signed_with_another_key() {
    admin()
        .contentType("application/yaml")
        .body(yaml("foreign").getBytes(UTF_8))
        .post("/api/v1/plans")
        .then()
        .statusCode(422)
        .body("detail", containsString("plan foreign version 1 is not signed, must be signed"));
    post(signed("foreign", OTHER).toBytes())
        .statusCode(422)
        .body("detail", containsString("is signed with task key " + OTHER.publicKey().id()));
    assertThat(lastLine().event().outcome()).startsWith("422 ");
    byte[] altered = signed("foreign", OWNER).toBytes();
    altered[altered.length - 1] ^= 1;
    post(altered)
        .statusCode(422)
        .body("detail", containsString("was altered after it was signed with task key"));
    post("no plan".getBytes(UTF_8))
        .statusCode(422)
        .body(
            "detail",
            equalTo(
                "plan is not a tacit.v1.TrainingPlan message; send what was signed, unchanged"));
    admin().get("/api/v1/plans/foreign").then().statusCode(404);
  }

  @Test
  void needs_a_token_as_plan_files_do() {
    given()
        .contentType("application/octet-stream")
        .body(signed("nobody", OWNER).toBytes())
        .post("/api/v1/plans")
        .then()
        .statusCode(401);
  }
}
