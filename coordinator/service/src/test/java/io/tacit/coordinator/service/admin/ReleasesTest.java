package io.tacit.coordinator.service.admin;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import io.tacit.coordinator.audit.AuditEntry;
import io.tacit.coordinator.audit.AuditLog;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.crypto.TaskKeyPair;
import io.tacit.protocol.plan.Release;
import io.tacit.protocol.plan.ReleaseShare;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Refusals of releases by a coordinator that is told whose signatures it takes; what it takes needs
 * a round, and is in the end-to-end tests.
 */
@QuarkusTest
@TestProfile(SignedPlansTest.OneOwner.class)
class ReleasesTest {

  private static final ContentHash MODEL = ContentHash.of(new byte[] {1});

  @Inject AuditLog audit;

  private static Release release(int number, TaskKeyPair key) {
    return Release.sign(new PlanId("nothing-trained"), number, 1, MODEL, key);
  }

  private static ValidatableResponse post(byte[] release) {
    return given()
        .auth()
        .oauth2(SignedPlansTest.ADMIN_TOKEN)
        .contentType("application/octet-stream")
        .body(release)
        .post("/api/v1/releases")
        .then();
  }

  private AuditEntry lastLine() {
    List<AuditEntry> lines = audit.list(0, AuditLog.LIST_MAX);
    return lines.get(lines.size() - 1);
  }

  @Test
  void refuses_what_is_altered_or_signed_with_another_key_and_records_that() {
    TaskKeyPair other = TaskKeyPair.generate(new SecureRandom());
    post(release(1, other).toBytes())
        .statusCode(422)
        .body(
            "detail",
            containsString(
                "release 1 of plan nothing-trained is signed with task key "
                    + other.publicKey().id()));
    assertThat(lastLine().event().outcome()).startsWith("422 ");
    assertThat(lastLine().event().target())
        .isEqualTo(
            "release 1 of plan nothing-trained: model version 1 hash "
                + MODEL
                + ", signed with task key "
                + other.publicKey().id());
    byte[] altered = release(1, SignedPlansTest.OWNER).toBytes();
    altered[altered.length - 1] ^= 1;
    post(altered)
        .statusCode(422)
        .body("detail", containsString("was altered after it was signed with task key"));
    post(new byte[] {1})
        .statusCode(422)
        .body(
            "detail",
            equalTo("release is not a tacit.v1.Release message; send what was signed, unchanged"));
    post(new byte[1025]).statusCode(413);
  }

  @Test
  void refuses_a_share_where_no_device_proves_which_it_is_and_records_that() {
    Release partial =
        Release.sign(
            new PlanId("nothing-trained"),
            2,
            1,
            MODEL,
            new ReleaseShare(1_000),
            SignedPlansTest.OWNER);

    post(partial.toBytes())
        .statusCode(409)
        .body(
            "detail",
            equalTo(
                "release 2 of plan nothing-trained is for 0.1 of the devices, and here no device"
                    + " proves which it is; release for all, or set tacit.devices=enrolled"));

    assertThat(lastLine().event().outcome()).startsWith("409 ");
    assertThat(lastLine().event().target())
        .isEqualTo(
            "release 2 of plan nothing-trained: model version 1 hash "
                + MODEL
                + " for 0.1 of the devices, signed with task key "
                + SignedPlansTest.OWNER.publicKey().id());
  }

  @Test
  void refuses_a_version_that_is_not_there() {
    post(release(1, SignedPlansTest.OWNER).toBytes())
        .statusCode(404)
        .body(
            "detail",
            equalTo(
                "there is no version 1 of the model of plan nothing-trained; GET"
                    + " /api/v1/models?plan=nothing-trained lists them"));
    given()
        .auth()
        .oauth2(SignedPlansTest.ADMIN_TOKEN)
        .get("/api/v1/releases?plan=nothing-trained")
        .then()
        .statusCode(200)
        .body("$", hasSize(0));
  }

  private static ValidatableResponse postToCandidate(String path, String body) {
    return given()
        .auth()
        .oauth2(SignedPlansTest.ADMIN_TOKEN)
        .contentType("application/json")
        .body(body)
        .post("/api/v1/candidates/nothing-trained/1" + path)
        .then();
  }

  @Test
  void refuses_to_propose_and_to_measure_a_version_that_is_not_there() {
    given()
        .auth()
        .oauth2(SignedPlansTest.ADMIN_TOKEN)
        .post("/api/v1/candidates/nothing-trained/1")
        .then()
        .statusCode(404)
        .body("detail", containsString("there is no version 1 of the model of plan"));
    postToCandidate("/metrics", "{\"devices\": 2, \"total\": 1, \"squares\": 1}")
        .statusCode(404)
        .body("detail", containsString("there is no version 1 of the model of plan"));
    assertThat(lastLine().event().outcome()).startsWith("404 ");
    assertThat(lastLine().event().target()).isEqualTo("2 devices of group held-back");
    given()
        .auth()
        .oauth2(SignedPlansTest.ADMIN_TOKEN)
        .get("/api/v1/candidates?plan=nothing-trained")
        .then()
        .statusCode(200)
        .body("$", hasSize(0));
  }

  @Test
  void refuses_sums_that_no_devices_measured() {
    postToCandidate("/metrics", "{\"devices\": 2, \"total\": 1}")
        .statusCode(422)
        .body("detail", containsString("devices, total and squares must be there"));
    postToCandidate("/metrics", "{\"devices\": 2, \"total\": 3, \"squares\": 3}")
        .statusCode(422)
        .body("detail", containsString("total is 3.0, must be 0 to 2"));
    postToCandidate(
            "/metrics", "{\"group\": \"Held Back\", \"devices\": 2, \"total\": 1, \"squares\": 1}")
        .statusCode(422);
    postToCandidate("/metrics", "no JSON").statusCode(400);
  }
}
