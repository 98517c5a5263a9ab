package io.tacit.coordinator.service.people;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.tacit.coordinator.audit.AuditEntry;
import io.tacit.coordinator.audit.AuditLog;
import io.tacit.coordinator.database.Database;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.Socket;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The REST API of a coordinator without an issuer, as somebody with and without its token. */
@QuarkusTest
class AdminTokenApiTest {

  /** Its hash is in application.properties. */
  private static final String ADMIN_TOKEN = "tacit-admin-" + "A".repeat(43);

  @TestHTTPResource("/")
  @SuppressWarnings("NullAway.Init") // Quarkus sets it.
  URL address;

  @Inject
  @ConfigProperty(name = "tacit.data-directory")
  Path dataDirectory;

  @Inject AuditLog audit;

  @Test
  void wants_a_token_and_says_how_to_give_it() {
    given()
        .get("/api/v1/plans")
        .then()
        .statusCode(401)
        .header("WWW-Authenticate", equalTo("Bearer"))
        .contentType("application/problem+json")
        .body("detail", equalTo("this needs a token and the request has none"))
        .body(
            "remedy",
            equalTo(
                "send the header Authorization: Bearer TOKEN; the tacit command reads the token"
                    + " from --token-file or TACIT_TOKEN"));
  }

  @Test
  void lets_the_admin_token_do_everything_and_no_other() {
    plans("Bearer " + ADMIN_TOKEN).statusCode(200);
    plans("bearer  " + ADMIN_TOKEN + " ").statusCode(200);
    for (String header :
        new String[] {
          "Bearer " + ADMIN_TOKEN.substring(0, 54),
          "Bearer " + ADMIN_TOKEN + "A",
          "Bearer " + ADMIN_TOKEN.toLowerCase(Locale.ROOT),
          "Bearer",
          "Bearer ",
          "Basic YWRtaW46YWRtaW4=",
          ADMIN_TOKEN,
          "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.",
        }) {
      plans(header)
          .statusCode(401)
          .contentType("application/problem+json")
          .body(
              "detail",
              equalTo(
                  "the token is not accepted: it is not the admin token, or it expired, or it is"
                      + " not from the issuer that this coordinator trusts or not for this"
                      + " coordinator"));
    }
    given()
        .header("Authorization", "Bearer " + ADMIN_TOKEN)
        .get("/q/metrics")
        .then()
        .statusCode(200);
  }

  private static ValidatableResponse plans(String authorization) {
    return given().header("Authorization", authorization).get("/api/v1/plans").then();
  }

  @Test
  void records_who_did_what_and_what_came_of_it() {
    String catalogue = "#tacit-catalogue 1\nitem-of-audit\tAn item\n";
    String hash =
        given()
            .header("Authorization", "Bearer " + ADMIN_TOKEN)
            .contentType("text/plain")
            .body(catalogue)
            .put("/api/v1/catalogues")
            .then()
            .statusCode(201)
            .extract()
            .path("hash");

    List<AuditEntry> lines = audit.list(0, AuditLog.LIST_MAX);
    AuditEntry line = lines.get(lines.size() - 1);
    assertThat(line.event().subject()).isEqualTo("admin");
    assertThat(line.event().authentication()).isEqualTo("admin token");
    assertThat(line.event().remoteAddress()).isEqualTo("127.0.0.1");
    assertThat(line.event().action()).isEqualTo("PUT /api/v1/catalogues");
    assertThat(line.event().target()).isEqualTo("catalogue " + hash);
    assertThat(line.event().outcome()).isEqualTo("201 Created");
    audit("?after=" + (line.number() - 1) + "&limit=1")
        .statusCode(200)
        .body("[0].number", equalTo((int) line.number()))
        .body("[0].at", equalTo(line.at().toString()))
        .body("[0].action", equalTo("PUT /api/v1/catalogues"))
        .body("[0].target", equalTo("catalogue " + hash))
        .body("[0].outcome", equalTo("201 Created"))
        .body("[0].hash", equalTo(line.hash().toHex()));
    audit("/verification?head=" + line.hash())
        .statusCode(200)
        .body("intact", equalTo(true))
        .body("entries", equalTo((int) line.number()))
        .body("head", equalTo(line.hash().toHex()));
  }

  @Test
  void finds_no_head_that_the_log_never_had_and_refuses_what_is_none() {
    audit("/verification?head=" + "ab".repeat(32))
        .statusCode(200)
        .body("intact", equalTo(false))
        .body(
            "reason",
            equalTo(
                "no line has the hash that was kept: lines at the end were removed, or all were"
                    + " written anew"));
    audit("/verification?head=abc")
        .statusCode(400)
        .body("field", equalTo("head"))
        .body("allowed", equalTo("64 hex digits"));
    audit("?limit=1001").statusCode(400).body("allowed", equalTo("1 to 1000"));
  }

  private static ValidatableResponse audit(String path) {
    return given()
        .header("Authorization", "Bearer " + ADMIN_TOKEN)
        .get("/api/v1/audit" + path)
        .then();
  }

  @Test
  void tells_that_an_action_could_not_be_recorded() {
    database("alter table audit_entry rename to audit_entry_away");
    try {
      given()
          .header("Authorization", "Bearer " + ADMIN_TOKEN)
          .contentType("text/plain")
          .body("#tacit-catalogue 1\nunrecorded\tAn item\n")
          .put("/api/v1/catalogues")
          .then()
          .statusCode(503)
          .contentType("application/problem+json")
          .body(
              "detail",
              equalTo(
                  "the request ended with status 201, but the audit log could not be written; see"
                      + " to the coordinator's storage, then ask what became of it"));
    } finally {
      database("alter table audit_entry_away rename to audit_entry");
    }
    audit("/verification").body("intact", equalTo(true));
  }

  /** Through a connection of our own to the coordinator's embedded database. */
  private void database(String sql) {
    JdbcDataSource source = new JdbcDataSource();
    source.setURL(Database.fileUrl(dataDirectory.resolve("metadata")));
    source.setUser("sa");
    new Database(source).doInTransaction(transaction -> transaction.update(sql));
  }

  @Test
  @Timeout(30)
  void answers_nobody_before_it_reads_their_body() throws IOException {
    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      socket
          .getOutputStream()
          .write(
              ("PUT /api/v1/catalogues HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n"
                      + "Content-Length: 60000000\r\n\r\n#tacit")
                  .getBytes(US_ASCII));
      byte[] answer = socket.getInputStream().readNBytes(12);
      assertThat(new String(answer, US_ASCII)).isEqualTo("HTTP/1.1 401");
    }
  }
}
