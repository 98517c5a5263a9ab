package io.tacit.coordinator.service.people;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.tacit.coordinator.audit.AuditEntry;
import io.tacit.coordinator.audit.AuditLog;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every operation of the API has the role that docs/reference/people.md gives it, and no other. */
@QuarkusTest
@QuarkusTestResource(value = TestIssuer.class, restrictToAnnotatedClass = true)
class EndpointRolesTest {

  private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");
  private static final List<String> ROLES = List.of("none", "viewer", "operator", "owner");

  @SuppressWarnings("NullAway.Init") // It sets itself, by inject.
  TestIssuer issuer;

  @Inject AuditLog audit;

  /** What the table says: operation to role. */
  private static Map<String, String> documented() throws Exception {
    String page =
        Files.readString(
            Path.of(System.getProperty("tacit.root"), "docs", "reference", "people.md"));
    Matcher row =
        Pattern.compile("(?m)^\\| `([A-Z]+ /api/v1/\\S+)` \\| (viewer|operator|owner) \\|")
            .matcher(page);
    Map<String, String> roles = new TreeMap<>();
    while (row.find()) {
      roles.put(row.group(1), row.group(2));
    }
    return roles;
  }

  /** What the API says of itself: operation to media types of its body, "" if it has none. */
  private static Map<String, Set<String>> operations() {
    Map<String, Map<String, Object>> paths =
        given().accept("application/json").get("/api/v1/openapi").jsonPath().getMap("paths");
    Map<String, Set<String>> operations = new TreeMap<>();
    paths.forEach(
        (path, operationsOfPath) ->
            operationsOfPath.forEach(
                (method, operation) -> {
                  if (METHODS.contains(method)) {
                    operations.put(
                        method.toUpperCase(Locale.ROOT) + " " + path, mediaTypes(operation));
                  }
                }));
    return operations;
  }

  private static Set<String> mediaTypes(Object operation) {
    return ((Map<?, ?>) operation).get("requestBody") instanceof Map<?, ?> body
            && body.get("content") instanceof Map<?, ?> content
        ? content.keySet().stream().map(Object::toString).collect(Collectors.toSet())
        : Set.of("");
  }

  private static void forEachOperation(BiConsumer<String, String> check) {
    operations()
        .forEach(
            (operation, mediaTypes) ->
                mediaTypes.forEach(mediaType -> check.accept(operation, mediaType)));
  }

  @Test
  void the_reference_names_every_operation() throws Exception {
    assertThat(documented().keySet()).isEqualTo(operations().keySet());
  }

  @Test
  void every_operation_refuses_who_is_nobody_and_who_has_a_lower_role() throws Exception {
    Map<String, String> roles = documented();
    forEachOperation(
        (operation, mediaType) -> {
          assertThat(ask(operation, mediaType, given()).statusCode())
              .as(operation + " without a token")
              .isEqualTo(401);
          for (String role : ROLES) {
            boolean enough =
                ROLES.indexOf(role) >= ROLES.indexOf(roles.getOrDefault(operation, "nobody"));
            int status = ask(operation, mediaType, as(role)).statusCode();
            if (enough) {
              assertThat(status).as(operation + " as " + role).isNotIn(401, 403, 500);
            } else {
              assertThat(status).as(operation + " as " + role).isEqualTo(403);
            }
          }
        });
  }

  @Test
  void what_changes_something_and_what_is_forbidden_is_recorded_before_the_answer() {
    forEachOperation(
        (operation, mediaType) -> {
          long before = lines();
          int status = ask(operation, mediaType, as("owner")).statusCode();
          boolean reads = operation.startsWith("GET ");
          assertThat(lines() - before).as(operation + ": " + status).isEqualTo(reads ? 0 : 1);

          ask(operation, mediaType, as("none"));
          AuditEntry last = audit.list(lines() - 1, 1).get(0);
          assertThat(last.event().outcome()).isEqualTo("403 Forbidden");
          assertThat(last.event().subject()).isEqualTo("person-of-tacit-none");
          assertThat(last.event().authentication())
              .isEqualTo("OpenID Connect, " + issuer.address());
          assertThat(last.event().remoteAddress()).isEqualTo("127.0.0.1");
          assertThat(last.event().action()).isEqualTo(path(operation));
          assertThat(lines() - before).isEqualTo(reads ? 1 : 2);

          ask(operation, mediaType, given());
          assertThat(lines() - before).as(operation + " by nobody").isEqualTo(reads ? 1 : 2);
        });
  }

  private long lines() {
    List<AuditEntry> lines = audit.list(0, AuditLog.LIST_MAX);
    return lines.isEmpty() ? 0 : lines.get(lines.size() - 1).number();
  }

  private RequestSpecification as(String role) {
    return given().auth().oauth2(issuer.token("tacit-" + role));
  }

  private static String path(String operation) {
    return operation.replaceAll("\\{(version|number)}", "1").replaceAll("\\{\\w+}", "x");
  }

  private static Response ask(String operation, String mediaType, RequestSpecification request) {
    String[] parts = path(operation).split(" ", 2);
    if (!mediaType.isEmpty()) {
      request.contentType(mediaType).body("nothing that would be accepted".getBytes(UTF_8));
    }
    return request.request(parts[0], parts[1]);
  }
}
