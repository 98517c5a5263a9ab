package io.tacit.coordinator.service.people;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * An OpenID Connect issuer on a real socket: a discovery document, its public keys, and tokens with
 * whatever claims a test wants. Its tokens are good for the coordinator of the test.
 */
public final class TestIssuer implements QuarkusTestResourceLifecycleManager {

  static final String AUDIENCE = "tacit-of-the-test";

  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final Map<String, KeyPair> published = new ConcurrentHashMap<>();
  private final AtomicInteger keyRequests = new AtomicInteger();
  private Optional<HttpServer> server = Optional.empty();

  @Override
  public Map<String, String> start() {
    try {
      HttpServer running =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server = Optional.of(running);
      running.createContext("/", this::answer);
      running.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    publish("rsa-1", rsa());
    publish("ec-1", ec());
    return Map.of(
        "tacit.people.admin-token-hash",
        "",
        "tacit.people.issuer",
        address(),
        "tacit.people.audience",
        AUDIENCE,
        "tacit.people.role-claim",
        "access/roles",
        "tacit.people.operators",
        "tacit-operator,ml-engineers");
  }

  @Override
  public void inject(TestInjector injector) {
    injector.injectIntoFields(this, new TestInjector.MatchesType(TestIssuer.class));
  }

  @Override
  public void stop() {
    server.ifPresent(running -> running.stop(0));
  }

  String address() {
    return "http://localhost:" + server.orElseThrow().getAddress().getPort() + "/realm";
  }

  void publish(String keyId, KeyPair key) {
    published.put(keyId, key);
  }

  KeyPair key(String keyId) {
    return Optional.ofNullable(published.get(keyId)).orElseThrow();
  }

  /** How often the keys were fetched. */
  int keyRequests() {
    return keyRequests.get();
  }

  static KeyPair rsa() {
    return generate("RSA");
  }

  static KeyPair ec() {
    return generate("EC");
  }

  private static KeyPair generate(String algorithm) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      if (algorithm.equals("RSA")) {
        generator.initialize(2048);
      } else {
        generator.initialize(new ECGenParameterSpec("secp256r1"));
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** The claims of a good token of somebody whose token has this role value. */
  Map<String, Object> claims(String role) {
    long now = Instant.now().getEpochSecond();
    Map<String, Object> claims = new TreeMap<>();
    claims.put("iss", address());
    claims.put("aud", AUDIENCE);
    claims.put("sub", "person-of-" + role);
    claims.put("iat", now);
    claims.put("exp", now + 300);
    claims.put("access", "{\"roles\": [\"unrelated\", \"" + role + "\"]}");
    return claims;
  }

  /** A good token. */
  String token(String role) {
    return token(claims(role));
  }

  String token(Map<String, Object> claims) {
    return sign("RS256", "rsa-1", key("rsa-1"), claims);
  }

  static String sign(String algorithm, String keyId, KeyPair key, Map<String, Object> claims) {
    String signed = part(header(algorithm, keyId)) + "." + part(json(claims));
    try {
      Signature signature =
          Signature.getInstance(
              algorithm.equals("RS256") ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
      signature.initSign(key.getPrivate());
      signature.update(signed.getBytes(UTF_8));
      return signed + "." + BASE64.encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  static String header(String algorithm, String keyId) {
    return "{\"alg\": \"" + algorithm + "\", \"typ\": \"JWT\", \"kid\": \"" + keyId + "\"}";
  }

  static String part(String json) {
    return BASE64.encodeToString(json.getBytes(UTF_8));
  }

  /** Numbers and objects as they are, everything else as a text. */
  static String json(Map<String, Object> members) {
    return members.entrySet().stream()
        .map(
            member -> {
              String value = member.getValue().toString();
              boolean bare = member.getValue() instanceof Number || value.startsWith("{");
              return "\"" + member.getKey() + "\": " + (bare ? value : "\"" + value + "\"");
            })
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String body =
        path.equals("/realm/.well-known/openid-configuration")
            ? "{\"issuer\": \"%1$s\", \"jwks_uri\": \"%1$s/keys\"}".formatted(address())
            : keys();
    byte[] bytes = body.getBytes(UTF_8);
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private String keys() {
    keyRequests.incrementAndGet();
    return published.entrySet().stream()
        .map(key -> publicKey(key.getKey(), key.getValue()))
        .collect(Collectors.joining(", ", "{\"keys\": [", "]}"));
  }

  private static String publicKey(String keyId, KeyPair pair) {
    Map<String, Object> key = new LinkedHashMap<>();
    key.put("kid", keyId);
    key.put("use", "sig");
    if (pair.getPublic() instanceof RSAPublicKey rsa) {
      key.put("kty", "RSA");
      key.put("alg", "RS256");
      key.put("n", number(rsa.getModulus().toByteArray(), 256));
      key.put("e", number(rsa.getPublicExponent().toByteArray(), 3));
    } else if (pair.getPublic() instanceof ECPublicKey ec) {
      key.put("kty", "EC");
      key.put("crv", "P-256");
      key.put("alg", "ES256");
      key.put("x", number(ec.getW().getAffineX().toByteArray(), 32));
      key.put("y", number(ec.getW().getAffineY().toByteArray(), 32));
    }
    return json(key);
  }

  /** The last bytes of a two's complement number, with zeros in front if it has fewer. */
  private static String number(byte[] bytes, int length) {
    byte[] fixed = new byte[length];
    int kept = Math.min(length, bytes.length);
    System.arraycopy(bytes, bytes.length - kept, fixed, length - kept, kept);
    return BASE64.encodeToString(fixed);
  }
}
