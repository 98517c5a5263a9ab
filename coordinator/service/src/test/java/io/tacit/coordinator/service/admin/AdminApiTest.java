package io.tacit.coordinator.service.admin;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.tacit.coordinator.models.ModelRegistry;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.TrainingPlan;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class AdminApiTest {

  private static final String CATALOGUE = "#tacit-catalogue 1\na\tApfel\nb\tBirne, süß\n";

  private static final String UNKNOWN_HASH = "00".repeat(32);

  /** Its hash is in application.properties. */
  private static final String ADMIN_TOKEN = "tacit-admin-" + "A".repeat(43);

  @Inject ModelRegistry models;

  @BeforeEach
  void authenticate() {
    RestAssured.authentication = RestAssured.oauth2(ADMIN_TOKEN);
  }

  @AfterEach
  void forget() {
    RestAssured.authentication = RestAssured.DEFAULT_AUTH;
  }

  @Test
  void stores_a_catalogue_once_and_gives_it_back() {
    String catalogue = CATALOGUE + "c\tstored once\n";
    String hash = ContentHash.of(catalogue.getBytes(UTF_8)).toHex();

    putCatalogue(catalogue).statusCode(201).body("hash", equalTo(hash)).body("items", equalTo(3));
    putCatalogue(catalogue.stripTrailing()).statusCode(200).body("hash", equalTo(hash));
    byte[] body =
        when().get("/api/v1/catalogues/" + hash).then().statusCode(200).extract().asByteArray();
    assertThat(new String(body, UTF_8)).isEqualTo(catalogue);
  }

  @Test
  void refuses_what_is_no_catalogue_and_names_the_line() {
    putCatalogue(CATALOGUE + "no tab\n")
        .statusCode(422)
        .contentType("application/problem+json")
        .body("detail", equalTo("catalogue line 4 must be an item id, one tab, a title"));
    when()
        .get("/api/v1/catalogues/" + UNKNOWN_HASH)
        .then()
        .statusCode(404)
        .contentType("application/problem+json")
        .body(
            "detail",
            equalTo(
                "there is no catalogue "
                    + UNKNOWN_HASH
                    + "; upload it with PUT /api/v1/catalogues"));
    when().get("/api/v1/catalogues/xyz").then().statusCode(404);
  }

  @Test
  void applies_a_plan_once_and_shows_it() {
    post(plan("applied", 1))
        .statusCode(201)
        .body("id", equalTo("applied"))
        .body("version", equalTo(1))
        .body("state", equalTo("ACTIVE"));
    post(plan("applied", 1)).statusCode(200);

    when().get("/api/v1/plans").then().statusCode(200).body("id", hasItem("applied"));
    when()
        .get("/api/v1/plans/applied")
        .then()
        .statusCode(200)
        .body("population", equalTo("test"))
        .body("modelKind", equalTo("tabular"))
        .body("parameters", equalTo(10))
        .body("rounds", equalTo(60))
        .body("roundsDone", equalTo(0))
        .body("plan.cohort.over-selection", equalTo(1.3f))
        .body("plan.features.list[0].numeric.mean", equalTo(40f));
    when().get("/api/v1/plans").then().body("find { it.id == 'applied' }.plan", nullValue());
  }

  @Test
  void says_both_epsilons_of_a_plan_and_counts_rounds_that_a_backup_lost() {
    post(plan("noisy", 1).replace("mode: plain, ", "")
            + "privacy: {mechanism: distributed, noise-multiplier: 2, users: 1000,"
            + " participations-max: 5, epsilon-models-max: 3}\n")
        .statusCode(201);

    when()
        .get("/api/v1/plans/noisy/privacy")
        .then()
        .statusCode(200)
        .body("mechanism", equalTo("distributed"))
        .body("rounds", equalTo(0))
        .body("soFar.models", equalTo(0f))
        .body("updates.soFar.models", equalTo(0f))
        .body("updates.budget.models", equalTo(3f))
        .body("updates.budget.coordinator", nullValue())
        .body("metrics", nullValue())
        .body("assumptions[0]", startsWith("The unit is one device"))
        .body("stop", nullValue());
    given()
        .contentType("application/json")
        .body("{\"after\": 0, \"last\": 4}")
        .post("/api/v1/plans/noisy/lost-rounds")
        .then()
        .statusCode(200)
        .body("rounds", equalTo(4))
        .body("stop", startsWith("privacy budget: after one more round"));
    given()
        .contentType("application/json")
        .body("{\"after\": 0, \"last\": 4}")
        .post("/api/v1/plans/noisy/lost-rounds")
        .then()
        .statusCode(422)
        .body(
            "detail",
            startsWith("rounds after 0 to 4 can not be counted as lost: after must be at least 4"));
  }

  @Test
  void says_plainly_that_a_plan_without_noise_bounds_nothing() {
    post(plan("exact", 1)).statusCode(201);

    when()
        .get("/api/v1/plans/exact/privacy")
        .then()
        .statusCode(200)
        .body("mechanism", equalTo("none"))
        .body("atCap.models", nullValue())
        .body("assumptions[0]", startsWith("The plan has no noise: nothing bounds"))
        .body("assumptions", hasSize(1));
  }

  private static final String METRICS = "evaluation: {validation-share: 0.2, metrics: {%s}}\n";

  @Test
  void shows_what_metrics_cost_by_themselves_and_together_with_updates() {
    post(plan("measured", 1).replace("mode: plain, ", "")
            + "privacy: {mechanism: distributed, noise-multiplier: 2, users: 1000,"
            + " participations-max: 5}\n"
            + METRICS.formatted("noise-multiplier: 4, epsilon-models-max: 2.5"))
        .statusCode(201);

    when()
        .get("/api/v1/plans/measured/privacy")
        .then()
        .statusCode(200)
        .body("metrics.noiseMultiplier", greaterThanOrEqualTo(4f))
        .body("metrics.budget.models", equalTo(2.5f))
        .body("metrics.soFar.models", equalTo(0f))
        .body("metrics.atCap.models", greaterThan(0f))
        .body("updates.atCap.models", greaterThan(0f));
    JsonPath privacy = when().get("/api/v1/plans/measured/privacy").jsonPath();
    assertThat(privacy.getDouble("atCap.models"))
        .isGreaterThan(privacy.getDouble("updates.atCap.models"))
        .isGreaterThan(privacy.getDouble("metrics.atCap.models"))
        .isLessThan(privacy.getDouble("atCap.coordinator"));
  }

  @Test
  void says_of_a_plan_without_noise_that_metrics_are_exact_and_takes_no_reports_beside_them() {
    post(plan("told", 1) + METRICS.formatted("held-back-share: 0.2")).statusCode(201);

    when()
        .get("/api/v1/plans/told/privacy")
        .then()
        .statusCode(200)
        .body("assumptions[1]", equalTo("Metrics that its devices report are exact sums."));
    given()
        .contentType("application/json")
        .body("{\"devices\": 20, \"total\": 10, \"squares\": 10}")
        .post("/api/v1/candidates/told/0/metrics")
        .then()
        .statusCode(409)
        .body("detail", startsWith("devices of plan told report what they measure in its rounds"));
    when()
        .get("/api/v1/plans/told/metrics")
        .then()
        .statusCode(200)
        .body("firstMetric", equalTo("accuracy"))
        .body("measured", hasSize(0));
  }

  @Test
  void shows_what_operators_reported_and_hides_small_groups() {
    post(plan("reported", 1)).statusCode(201);
    report("{\"devices\": 20, \"total\": 10, \"squares\": 10}")
        .body("group", equalTo("held-back"))
        .body("suppressed", equalTo(false))
        .body("devices", equalTo(20))
        .body("mean", equalTo(0.5f));
    report("{\"group\": \"few\", \"devices\": 9, \"total\": 3, \"squares\": 3}")
        .body("group", equalTo("few"))
        .body("suppressed", equalTo(true))
        .body("devices", nullValue())
        .body("mean", nullValue());

    when()
        .get("/api/v1/plans/reported/metrics?version=0")
        .then()
        .statusCode(200)
        .body("measured", hasSize(2))
        .body("measured[0].group", equalTo("few"))
        .body("measured[0].suppressed", equalTo(true))
        .body("measured[0].devices", nullValue())
        .body("measured[0].first", nullValue())
        .body("measured[1].group", equalTo("held-back"))
        .body("measured[1].source", equalTo("report"))
        .body("measured[1].devices", equalTo(20f))
        .body("measured[1].first", equalTo(0.5f))
        .body("measured[1].second", nullValue())
        .body("measured[1].noise", equalTo(0f));
    when().get("/api/v1/plans/reported/metrics?version=1").then().body("measured", hasSize(0));
    when().get("/api/v1/plans/reported/metrics?before=0").then().body("measured", hasSize(0));
    when().get("/api/v1/plans/reported/metrics?limit=101").then().statusCode(400);
    when().get("/api/v1/plans/nobody/metrics").then().statusCode(404);
  }

  private static ValidatableResponse report(String sums) {
    return given()
        .contentType("application/json")
        .body(sums)
        .post("/api/v1/candidates/reported/0/metrics")
        .then()
        .statusCode(200);
  }

  @Test
  void takes_a_plan_as_json_and_its_catalogue_by_hash() {
    String hash = putCatalogue(CATALOGUE).extract().path("hash");
    String json =
        """
        {"id": "of-items", "version": 3, "population": "test", "model": {"kind": "two-tower"},
         "features": {"catalogue": "%s"}, "aggregation": {"development": true}}
        """;

    given()
        .contentType("application/json")
        .body(json.formatted(hash))
        .post("/api/v1/plans")
        .then()
        .statusCode(201);
    when()
        .get("/api/v1/plans/of-items")
        .then()
        .body("plan.features.catalogue-items", equalTo(2))
        .body("plan.model.items", equalTo(18));
  }

  @Test
  void refuses_a_version_that_is_not_higher() {
    post(plan("versioned", 5)).statusCode(201);

    post(plan("versioned", 4))
        .statusCode(409)
        .contentType("application/problem+json")
        .body(
            "detail",
            equalTo(
                "plan versioned has version 4 but version 5 is in force; give the changed plan a"
                    + " higher version"));
    post(plan("versioned", 6)).statusCode(201);
    post(plan("versioned", 7).replace("units: 3", "units: 4"))
        .statusCode(409)
        .body(
            "detail",
            equalTo(
                "plan versioned has another model section than version 6, whose trained parameters"
                    + " would mean something else; give the plan a new id"));
  }

  @Test
  void says_what_is_wrong_with_a_plan_and_where() {
    post(plan("wrong", 1) + "cohort: {minimum: 200}\n")
        .statusCode(422)
        .contentType("application/problem+json")
        .body("type", equalTo("about:blank"))
        .body("title", equalTo("Invalid plan"))
        .body("status", equalTo(422))
        .body("field", equalTo("cohort.minimum"))
        .body("value", equalTo("200"))
        .body("allowed", equalTo("1 to 128"))
        .body("line", equalTo(7))
        .body(
            "detail",
            equalTo(
                "line 7, column 10: cohort.minimum is 200, must be 1 to 128; it may not be above"
                    + " cohort.size; lower it or raise that"));
    post("- just\n- a list\n").statusCode(422).body("field", nullValue());
    when().get("/api/v1/plans").then().body("id", not(hasItem("wrong")));
  }

  @Test
  void refuses_a_body_above_its_limit() {
    post("#".repeat(1024 * 1024 + 1))
        .statusCode(413)
        .body(
            "detail",
            equalTo(
                "plan file has more than 1048576 bytes, must be at most that; make it smaller"));
  }

  @Test
  void shows_and_serves_models() {
    post(plan("modelled", 1)).statusCode(201);
    PlanId plan = new PlanId("modelled");
    ModelParameters parameters = models.parameters(models.latest(plan).orElseThrow());
    String hash = parameters.contentHash().toHex();

    when()
        .get("/api/v1/models?plan=modelled")
        .then()
        .statusCode(200)
        .body("$", hasSize(1))
        .body("[0].version", equalTo(0))
        .body("[0].hash", equalTo(hash))
        .body("[0].bytes", equalTo(52))
        .body("[0].parent", nullValue());
    when().get("/api/v1/models/modelled/latest").then().body("version", equalTo(0));
    byte[] file =
        when()
            .get("/api/v1/models/modelled/0/file")
            .then()
            .statusCode(200)
            .contentType("application/octet-stream")
            .header("ETag", "\"" + hash + "\"")
            .header("Content-Length", "52")
            .extract()
            .asByteArray();
    assertThat(file).isEqualTo(parameters.toBytes());
    given()
        .header("If-None-Match", "\"" + hash + "\"")
        .get("/api/v1/models/modelled/latest/file")
        .then()
        .statusCode(304);
  }

  @Test
  void gives_a_plan_as_devices_get_it() {
    post(plan("bundled", 1)).statusCode(201);
    String hash = when().get("/api/v1/plans/bundled").then().extract().path("hash");

    byte[] file =
        when()
            .get("/api/v1/plans/bundled/file")
            .then()
            .statusCode(200)
            .contentType("application/octet-stream")
            .header("ETag", "\"" + hash + "\"")
            .extract()
            .asByteArray();

    assertThat(ContentHash.of(file).toHex()).isEqualTo(hash);
    assertThat(TrainingPlan.fromBytes(file).id().value()).isEqualTo("bundled");
  }

  @Test
  void tells_what_does_not_exist() {
    for (String path :
        new String[] {
          "plans/none",
          "plans/none/file",
          "plans/Not-A-Name",
          "models/none/latest",
          "models/none/latest/file",
          "models/none/x",
          "rounds/none/1",
          "rounds/none/0",
          "nothing",
        }) {
      when()
          .get("/api/v1/" + path)
          .then()
          .statusCode(404)
          .contentType("application/problem+json")
          .body("status", equalTo(404));
    }
  }

  @Test
  void lists_rounds_and_checks_the_parameters() {
    when().get("/api/v1/rounds?plan=none").then().statusCode(200).body("$", hasSize(0));
    when()
        .get("/api/v1/rounds")
        .then()
        .statusCode(400)
        .body("detail", equalTo("plan is missing, must be the id of a plan; add ?plan=ID"));
    when()
        .get("/api/v1/rounds?plan=none&limit=1001")
        .then()
        .statusCode(400)
        .body("field", equalTo("limit"))
        .body("allowed", equalTo("1 to 1000"));
  }

  @Test
  void refuses_media_types_and_methods_as_problems() {
    given()
        .contentType("application/xml")
        .body("<plan/>")
        .post("/api/v1/plans")
        .then()
        .statusCode(415)
        .contentType("application/problem+json");
    when().delete("/api/v1/plans").then().statusCode(405).contentType("application/problem+json");
  }

  @Test
  void describes_itself() {
    given()
        .accept("application/json")
        .get("/api/v1/openapi")
        .then()
        .statusCode(200)
        .body(
            "paths.keySet()",
            hasItems(
                "/api/v1/plans",
                "/api/v1/plans/{id}",
                "/api/v1/plans/{id}/file",
                "/api/v1/catalogues",
                "/api/v1/catalogues/{hash}",
                "/api/v1/models",
                "/api/v1/models/{plan}/{version}",
                "/api/v1/models/{plan}/{version}/file",
                "/api/v1/rounds",
                "/api/v1/rounds/{plan}/{number}"))
        .body("paths.'/api/v1/plans'.post.summary", equalTo("Apply a plan"))
        .body("paths.'/api/v1/plans'.post.responses.keySet()", hasItems("201", "409", "422"));
  }

  @Test
  void describes_every_refusal_as_a_problem() throws IOException {
    JsonNode description =
        new ObjectMapper()
            .readTree(given().accept("application/json").get("/api/v1/openapi").asString());
    int refusals = 0;
    for (JsonNode responses : description.path("paths").findValues("responses")) {
      for (Map.Entry<String, JsonNode> response : responses.properties()) {
        String status = response.getKey();
        if (status.startsWith("4") && !status.equals("401") && !status.equals("403")) {
          refusals++;
          assertThat(response.getValue().at("/content/application~1problem+json/schema/$ref"))
              .as("%s in %s", status, responses)
              .hasToString("\"#/components/schemas/Problem\"");
        }
      }
    }
    assertThat(refusals).isGreaterThan(20);
    assertThat(description.at("/components/schemas/Problem/properties").fieldNames())
        .toIterable()
        .contains("detail", "field", "line");
  }

  private static String plan(String id, int version) {
    return """
    id: %s
    version: %d
    population: test
    model: {kind: tabular, layers: [{units: 3, activation: relu}, {units: 1, activation: sigmoid}]}
    features: {label: bought, list: [{name: age, numeric: {mean: 40, standard-deviation: 12}}]}
    aggregation: {mode: plain, development: true}
    """
        .formatted(id, version);
  }

  private static ValidatableResponse post(String plan) {
    return given()
        .contentType("application/yaml")
        .body(plan.getBytes(UTF_8))
        .post("/api/v1/plans")
        .then();
  }

  private static ValidatableResponse putCatalogue(String text) {
    return given()
        .contentType("text/plain; charset=UTF-8")
        .body(text)
        .put("/api/v1/catalogues")
        .then();
  }
}
