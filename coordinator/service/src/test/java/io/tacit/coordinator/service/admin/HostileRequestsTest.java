package io.tacit.coordinator.service.admin;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.tacit.testing.Fuzz;
import java.net.URLEncoder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What somebody sends who has the highest role and means ill: every answer is a plain refusal. */
@QuarkusTest
class HostileRequestsTest {

  private static final String ADMIN_TOKEN = "tacit-admin-" + "A".repeat(43);

  /** The thread that is measured is the client's. */
  private static final long CLIENT_ALLOCATES = 1L << 30;

  private static final List<String> FRAGMENTS =
      List.of(
          "..",
          "../../etc/passwd",
          "..\\..\\windows",
          "/etc/passwd",
          "file:///etc/passwd",
          "x' OR '1'='1",
          "x'; DROP TABLE plan; --",
          "1 UNION SELECT * FROM people",
          "%00",
          "\u0000",
          "x\u0000.tcat",
          "x\r\nSet-Cookie: a=b",
          "${jndi:ldap://127.0.0.1/x}",
          "<script>alert(1)</script>",
          "-1",
          "999999999999999999999999",
          "NaN",
          "\u202e\u0007\u001b[31m",
          "x".repeat(3000));

  private static final String PLAN =
      """
      id: hostile
      version: 1
      population: test
      model: {kind: tabular, layers: [{units: 3, activation: relu}, {units: 1, activation: sigmoid}]}
      features: {label: bought, list: [{name: age, numeric: {mean: 40, standard-deviation: 12}}]}
      aggregation: {mode: plain, development: true}
      """;

  @Test
  void fragments_of_paths_and_of_sql_name_nothing_wherever_they_stand() {
    Map<String, Map<String, Map<String, Object>>> paths =
        given().accept("application/json").get("/api/v1/openapi").jsonPath().getMap("paths");
    int asked = 0;
    for (String path : paths.keySet()) {
      for (Map.Entry<String, Map<String, Object>> operation :
          paths.getOrDefault(path, Map.of()).entrySet()) {
        asked += askWithFragments(operation.getKey(), path, operation.getValue());
      }
    }
    assertThat(asked).isGreaterThan(300);
  }

  /** Each fragment in the place of each parameter; answers how often it asked. */
  private static int askWithFragments(String method, String path, Map<String, Object> operation) {
    int asked = 0;
    for (String fragment : FRAGMENTS) {
      Matcher parameter = Pattern.compile("\\{\\w+}").matcher(path);
      while (parameter.find()) {
        String hostile =
            (path.substring(0, parameter.start())
                    + encoded(fragment)
                    + path.substring(parameter.end()))
                .replaceAll("\\{\\w+}", "1");
        requireRefusal(method, hostile, fragment);
        asked++;
      }
      for (String query : queries(operation)) {
        String hostile = path.replaceAll("\\{\\w+}", "1") + "?" + query + "=" + encoded(fragment);
        assertThat(ask(method, hostile).statusCode()).as(method + hostile).isLessThan(500);
        asked++;
      }
    }
    return asked;
  }

  private static List<String> queries(Map<String, Object> operation) {
    return operation.get("parameters") instanceof List<?> parameters
        ? parameters.stream()
            .map(parameter -> (Map<?, ?>) parameter)
            .filter(parameter -> "query".equals(parameter.get("in")))
            .map(parameter -> String.valueOf(parameter.get("name")))
            .toList()
        : List.of();
  }

  private static String encoded(String fragment) {
    return URLEncoder.encode(fragment, UTF_8).replace("+", "%20");
  }

  private static void requireRefusal(String method, String path, String fragment) {
    Response answer = ask(method, path);
    assertThat(answer.statusCode()).as(path).isBetween(400, 499);
    assertThat(answer.headers().hasHeaderWithName("Set-Cookie")).as(path).isFalse();
    assertThat(answer.contentType())
        .as("%s, which a browser must not run: %s", path, fragment)
        .doesNotStartWith("text/html");
  }

  private static Response ask(String method, String path) {
    return given()
        .urlEncodingEnabled(false)
        .auth()
        .oauth2(ADMIN_TOKEN)
        .request(method.toUpperCase(Locale.ROOT), path);
  }

  @Test
  void a_plan_of_any_size_that_it_should_not_have_is_refused_before_anything_is_allocated() {
    for (String layers :
        List.of(
            "[{units: 2000000000, activation: relu}, {units: 1, activation: sigmoid}]",
            "[{units: 60000, activation: relu}, {units: 60000, activation: relu},"
                + " {units: 1, activation: sigmoid}]",
            "[" + "{units: 1, activation: relu},".repeat(5000) + "{units: 1, activation: relu}]")) {
      Response answer =
          post(PLAN.replaceAll("layers: .*]}", "layers: " + layers + "}").getBytes(UTF_8));

      assertThat(answer.statusCode()).as(answer.asString()).isIn(400, 413, 422);
      assertThat(answer.contentType()).startsWith("application/problem+json");
    }
    assertThat(post(("a: " + "[".repeat(200_000)).getBytes(UTF_8)).statusCode())
        .isIn(400, 413, 422);
    assertThat(post(billionLaughs()).statusCode()).isEqualTo(422);
  }

  private static byte[] billionLaughs() {
    StringBuilder yaml = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      yaml.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(10)));
    }
    return yaml.toString().getBytes(UTF_8);
  }

  @Test
  @Tag(Fuzz.TAG)
  void damaged_bodies_are_refused_and_never_a_fault_of_the_service() {
    Fuzz.of(PLAN.getBytes(UTF_8))
        .allocatingAtMost(CLIENT_ALLOCATES)
        .feed(Fuzz.inputs() / 20, input -> requireNoFault(post(input)));
    Fuzz.of("#tacit-catalogue 1\na\tApfel\nb\tBirne, süß\n".getBytes(UTF_8))
        .allocatingAtMost(CLIENT_ALLOCATES)
        .feed(
            Fuzz.inputs() / 20,
            input ->
                requireNoFault(
                    given()
                        .auth()
                        .oauth2(ADMIN_TOKEN)
                        .contentType("application/octet-stream")
                        .body(input)
                        .put("/api/v1/catalogues")));
  }

  private static void requireNoFault(Response answer) {
    assertThat(answer.statusCode()).as(answer.asString()).isLessThan(500);
  }

  private static Response post(byte[] plan) {
    return given()
        .auth()
        .oauth2(ADMIN_TOKEN)
        .contentType("application/yaml")
        .body(plan)
        .post("/api/v1/plans");
  }
}
