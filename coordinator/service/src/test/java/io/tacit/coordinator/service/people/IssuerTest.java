package io.tacit.coordinator.service.people;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.security.KeyPair;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** Tokens of an issuer that this test runs, good and bad, over real HTTP. */
@QuarkusTest
@QuarkusTestResource(value = TestIssuer.class, restrictToAnnotatedClass = true)
class IssuerTest {

  @SuppressWarnings("NullAway.Init") // It sets itself, by inject.
  TestIssuer issuer;

  @Test
  void lets_people_in_whose_claim_means_a_role() {
    plans(issuer.token("tacit-viewer")).statusCode(200);
    plans(issuer.token("ml-engineers")).statusCode(200);
    plans(TestIssuer.sign("ES256", "ec-1", issuer.key("ec-1"), issuer.claims("tacit-owner")))
        .statusCode(200);
  }

  @Test
  void forbids_those_who_are_known_and_have_no_role() {
    forbidden(issuer.token("unknown-group"), "person-of-unknown-group has no role");
    // Called like a role, but the settings name another value.
    forbidden(issuer.token("owner"), "person-of-owner has no role");
    Map<String, Object> elsewhere = issuer.claims("x");
    elsewhere.remove("access");
    elsewhere.put("groups", "tacit-owner");
    forbidden(issuer.token(elsewhere), "person-of-x has no role");
  }

  private void forbidden(String token, String who) {
    plans(token)
        .statusCode(403)
        .contentType("application/problem+json")
        .body("detail", equalTo(who + ", but GET /api/v1/plans needs viewer"));
  }

  @Test
  void refuses_claims_that_are_not_for_now_and_here() {
    long now = Instant.now().getEpochSecond();
    refused(issuer.token(with("exp", now - 60)));
    refused(issuer.token(with("nbf", now + 300)));
    refused(issuer.token(with("aud", "another-service")));
    refused(issuer.token(with("iss", "http://localhost:1/realm")));
    for (String claim : new String[] {"exp", "aud", "iss", "sub"}) {
      Map<String, Object> claims = issuer.claims("tacit-owner");
      claims.remove(claim);
      refused(issuer.token(claims));
    }
  }

  private Map<String, Object> with(String claim, Object value) {
    Map<String, Object> claims = issuer.claims("tacit-owner");
    claims.put(claim, value);
    return claims;
  }

  @Test
  void refuses_tokens_that_the_issuer_did_not_sign() throws Exception {
    Map<String, Object> claims = issuer.claims("tacit-owner");
    String good = issuer.token(claims);
    String payload = good.split("\\.")[1];
    String signature = good.split("\\.")[2];
    refused(TestIssuer.sign("RS256", "rsa-1", TestIssuer.rsa(), claims));
    refused(TestIssuer.sign("RS256", "nobody-knows", TestIssuer.rsa(), claims));
    refused(TestIssuer.sign("ES256", "rsa-1", TestIssuer.ec(), claims));
    refused(TestIssuer.sign("ES256", "rsa-1", issuer.key("ec-1"), claims));
    String other = TestIssuer.part(TestIssuer.json(issuer.claims("tacit-owner-2")));
    refused(good.replace(payload, other));
    refused(good.substring(0, good.length() - 8) + "AAAAAAAA");
    refused(good.replace(signature, ""));
    String none = TestIssuer.part(TestIssuer.header("none", "rsa-1")) + "." + payload + ".";
    refused(none);
    refused(none + signature);
    refused(hmac(payload, issuer.key("rsa-1").getPublic().getEncoded()));
    refused(hmac(payload, pem(issuer.key("rsa-1")).getBytes(UTF_8)));
    refused("not.a.token");
    refused("tacit-admin-" + "A".repeat(43));
  }

  /** The confusion of a public key with the secret of HS256. */
  private static String hmac(String payload, byte[] key) throws Exception {
    String signed = TestIssuer.part(TestIssuer.header("HS256", "rsa-1")) + "." + payload;
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return signed
        + "."
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(mac.doFinal(signed.getBytes(UTF_8)));
  }

  private static String pem(KeyPair key) {
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getPublic().getEncoded())
        + "\n-----END PUBLIC KEY-----\n";
  }

  @Test
  void takes_a_new_key_of_the_issuer_without_a_restart_and_is_not_made_to_flood_it()
      throws Exception {
    plans(issuer.token("tacit-viewer")).statusCode(200);
    KeyPair next = TestIssuer.rsa();
    issuer.publish("rsa-2", next);
    String token = TestIssuer.sign("RS256", "rsa-2", next, issuer.claims("tacit-viewer"));
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (plans(token).extract().statusCode() != 200) {
      assertThat(System.nanoTime()).as("waiting for the new key").isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(200);
    }

    int before = issuer.keyRequests();
    for (int i = 0; i < 50; i++) {
      refused(TestIssuer.sign("RS256", "unknown-" + i, next, issuer.claims("tacit-viewer")));
    }
    assertThat(issuer.keyRequests() - before).as("questions for keys").isLessThan(10);
  }

  @Test
  void metrics_are_for_viewers_and_health_for_everybody() {
    given().get("/q/metrics").then().statusCode(401);
    given().auth().oauth2(issuer.token("none")).get("/q/metrics").then().statusCode(403);
    given().auth().oauth2(issuer.token("tacit-viewer")).get("/q/metrics").then().statusCode(200);
    given().get("/q/health").then().statusCode(200);
    given().get("/api/v1/openapi").then().statusCode(200);
  }

  private static void refused(String token) {
    plans(token)
        .statusCode(401)
        .header("WWW-Authenticate", equalTo("Bearer"))
        .contentType("application/problem+json")
        .body("title", equalTo("Unauthorized"))
        .body("field", nullValue());
  }

  private static ValidatableResponse plans(String token) {
    return given().auth().oauth2(token).get("/api/v1/plans").then();
  }
}
