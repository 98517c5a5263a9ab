package io.tacit.coordinator.service.people;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The coordinator starts and serves devices while its issuer is away; people have to wait. */
@QuarkusTest
@TestProfile(IssuerAwayTest.Away.class)
class IssuerAwayTest {

  /** An issuer at a port where nobody listens. */
  public static final class Away implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "tacit.people.admin-token-hash", "",
          "tacit.people.issuer", "http://localhost:1/realm",
          "tacit.people.audience", "tacit");
    }
  }

  @Test
  void says_that_the_token_can_not_be_checked() {
    given()
        .auth()
        .oauth2("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.AAAA")
        .get("/api/v1/plans")
        .then()
        .statusCode(503)
        .contentType("application/problem+json")
        .body(
            "detail",
            equalTo(
                "the issuer that vouches for people does not answer, so the token can not be"
                    + " checked"));
    given().get("/api/v1/plans").then().statusCode(401);
    given().get("/q/health").then().statusCode(200);
  }
}
