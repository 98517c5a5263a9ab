package io.tacit.cli.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacit.protocol.ContentHash;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A coordinator's REST API, {@code /api/v1}. Every call throws {@link UnreachableException} if
 * nobody answers, {@link RefusedException} if the coordinator answers with a problem, and a plain
 * {@link IOException} if the answer is none that a coordinator gives. Thread-safe.
 */
public final class CoordinatorApi {

  /** The most releases of one answer; more than can follow one for all devices. */
  public static final int RELEASES_MAX = 1_000;

  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);
  private static final Duration READY_WITHIN = Duration.ofSeconds(2);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI coordinator;
  private final String base;
  private final @Nullable AccessToken token;
  private final HttpClient http;

  /**
   * The API of the coordinator at this address.
   *
   * @param coordinator e.g. {@code https://localhost:8443}
   * @param trust whom to take for it, if the address is https
   * @param token proves who is asking; null if there is none, which every call is refused for
   */
  public CoordinatorApi(URI coordinator, ServerTrust trust, @Nullable AccessToken token) {
    this.coordinator = coordinator;
    this.token = token;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_WITHIN)
            .sslContext(trust.context())
            .build();
    this.base = coordinator.toString().replaceAll("/+$", "") + "/api/v1/";
  }

  /**
   * What became of an applied plan.
   *
   * @param created false if the coordinator had this very plan already
   * @param plan id, version, hash and state
   */
  public record Applied(boolean created, JsonNode plan) {}

  /**
   * A downloaded file.
   *
   * @param bytes length of the file
   * @param hash of its content, the same that the coordinator announced
   */
  public record Download(long bytes, ContentHash hash) {}

  /** Whether it answers and says that it is ready to serve; false in any other case. */
  public boolean isReady() throws InterruptedException {
    HttpRequest ready =
        HttpRequest.newBuilder(coordinator.resolve("/q/health/ready"))
            .timeout(READY_WITHIN)
            .build();
    try {
      return http.send(ready, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** Uploads a catalogue file; answers its {@code hash} and number of {@code items}. */
  public JsonNode putCatalogue(Path file)
      throws IOException, RefusedException, InterruptedException {
    return json(send("PUT", "catalogues", "text/plain", BodyPublishers.ofFile(file)));
  }

  /**
   * Applies a plan file, or a signed plan.
   *
   * @param mediaType {@code application/yaml}, {@code application/json}, or for a signed plan
   *     {@code application/octet-stream}
   */
  public Applied applyPlan(byte[] plan, String mediaType)
      throws IOException, RefusedException, InterruptedException {
    HttpResponse<InputStream> answer =
        send("POST", "plans", mediaType, BodyPublishers.ofByteArray(plan));
    return new Applied(answer.statusCode() == 201, json(answer));
  }

  /** All plans. */
  public JsonNode plans() throws IOException, RefusedException, InterruptedException {
    return get("plans");
  }

  /** A plan, with its settings as {@code plan}. */
  public JsonNode plan(String id) throws IOException, RefusedException, InterruptedException {
    return get("plans/" + encode(id));
  }

  /** What a plan lets be learnt about a device. */
  public JsonNode privacy(String id) throws IOException, RefusedException, InterruptedException {
    return get("plans/" + encode(id) + "/privacy");
  }

  /** Counts rounds above {@code after} to {@code last}, which a restored database does not know. */
  public JsonNode noteLostRounds(String id, long after, long last)
      throws IOException, RefusedException, InterruptedException {
    return post(
        "plans/" + encode(id) + "/lost-rounds",
        JsonNodeFactory.instance.objectNode().put("after", after).put("last", last));
  }

  /** Rounds of a plan in ascending order, those with a number above {@code after}. */
  public JsonNode rounds(String plan, long after, int limit)
      throws IOException, RefusedException, InterruptedException {
    return get("rounds?plan=" + encode(plan) + "&after=" + after + "&limit=" + limit);
  }

  /** The model versions of a plan. */
  public JsonNode models(String plan) throws IOException, RefusedException, InterruptedException {
    return get("models?plan=" + encode(plan));
  }

  /**
   * One model version.
   *
   * @param version a number or {@code latest}
   */
  public JsonNode model(String plan, String version)
      throws IOException, RefusedException, InterruptedException {
    return get("models/" + encode(plan) + "/" + encode(version));
  }

  /**
   * What devices measured of the versions of a plan's model, the newest first.
   *
   * @param version only this one; null for the newest ones
   */
  public JsonNode metrics(String plan, @Nullable Integer version)
      throws IOException, RefusedException, InterruptedException {
    return get(
        "plans/" + encode(plan) + "/metrics" + (version == null ? "" : "?version=" + version));
  }

  /** Versions of a plan's model that devices do not have yet, the newest first. */
  public JsonNode candidates(String plan)
      throws IOException, RefusedException, InterruptedException {
    return get("candidates?plan=" + encode(plan));
  }

  /** Proposes a version for release; refused with figures if it is worse, or may be. */
  public JsonNode propose(String plan, int version)
      throws IOException, RefusedException, InterruptedException {
    return json(
        send("POST", "candidates/" + encode(plan) + "/" + version, null, BodyPublishers.noBody()));
  }

  /** Adds what a group of devices measured of a version: exact sums of values between 0 and 1. */
  public JsonNode addMetrics(String plan, int version, ObjectNode sums)
      throws IOException, RefusedException, InterruptedException {
    return post("candidates/" + encode(plan) + "/" + version + "/metrics", sums);
  }

  /**
   * Releases of a plan's model, the newest first.
   *
   * @param limit 1 to {@link #RELEASES_MAX}
   */
  public JsonNode releases(String plan, int limit)
      throws IOException, RefusedException, InterruptedException {
    return get("releases?plan=" + encode(plan) + "&limit=" + limit);
  }

  /** Releases a model: sends what its owner signed, and answers the release. */
  public JsonNode release(byte[] signed)
      throws IOException, RefusedException, InterruptedException {
    return json(
        send("POST", "releases", "application/octet-stream", BodyPublishers.ofByteArray(signed)));
  }

  /**
   * Downloads a model file. The file appears, or is replaced, once it is complete and its content
   * has the hash that the coordinator announced.
   *
   * @param version a number or {@code latest}
   */
  public Download downloadModel(String plan, String version, Path file)
      throws IOException, RefusedException, InterruptedException {
    return download(
        "model", "models/" + encode(plan) + "/" + encode(version) + "/file", null, file);
  }

  /** Downloads the record of a completed round, as {@link #downloadModel} does. */
  public Download downloadRecord(String plan, long round, Path file)
      throws IOException, RefusedException, InterruptedException {
    return download("record", "rounds/" + encode(plan) + "/" + round + "/record", null, file);
  }

  /** Downloads a plan as devices get it, as {@link #downloadModel} does. */
  public Download downloadPlan(String plan, Path file)
      throws IOException, RefusedException, InterruptedException {
    return download("plan", "plans/" + encode(plan) + "/file", null, file);
  }

  /** Downloads a catalogue by its hash, as {@link #downloadModel} does. */
  public Download downloadCatalogue(ContentHash hash, Path file)
      throws IOException, RefusedException, InterruptedException {
    return download("catalogue", "catalogues/" + hash.toHex(), hash.toHex(), file);
  }

  /** Lines of the audit log in ascending order, those with a number above {@code after}. */
  public JsonNode audit(long after, int limit)
      throws IOException, RefusedException, InterruptedException {
    return get("audit?after=" + after + "&limit=" + limit);
  }

  /**
   * Has the coordinator check its audit log.
   *
   * @param head a hash that the log had at some time, to be found in it; null for none
   */
  public JsonNode auditVerification(@Nullable String head)
      throws IOException, RefusedException, InterruptedException {
    return get("audit/verification" + (head == null ? "" : "?head=" + encode(head)));
  }

  /** The root certificate of the authority of devices: fingerprint, end, PEM. */
  public JsonNode enrolmentRoot() throws IOException, RefusedException, InterruptedException {
    return get("enrolment/root");
  }

  /** Which revocation list is in force. */
  public JsonNode revocations() throws IOException, RefusedException, InterruptedException {
    return get("enrolment/revocations");
  }

  /** Downloads the list of revocations, an X.509 CRL in DER, as {@link #downloadModel} does. */
  public Download downloadRevocations(Path file)
      throws IOException, RefusedException, InterruptedException {
    return download("list", "enrolment/revocations/list", null, file);
  }

  /**
   * Revokes the certificates of a device.
   *
   * @param serial of one of them, 40 hex digits
   * @param reason as the API spells it, e.g. {@code KEY_COMPROMISE}
   */
  public JsonNode revoke(String serial, String reason)
      throws IOException, RefusedException, InterruptedException {
    return post(
        "enrolment/revocations",
        JSON.createObjectNode().put("serial", serial).put("reason", reason));
  }

  /**
   * Has the coordinator make a token with which a device can enrol, in the field {@code token}.
   *
   * @param seconds how long it lives, 1 to 600
   */
  public JsonNode mintToken(String population, int seconds)
      throws IOException, RefusedException, InterruptedException {
    return post(
        "enrolment/tokens",
        JSON.createObjectNode().put("population", population).put("lifetimeSeconds", seconds));
  }

  private JsonNode post(String path, ObjectNode body)
      throws IOException, RefusedException, InterruptedException {
    return json(
        send("POST", path, "application/json", BodyPublishers.ofString(body.toString(), UTF_8)));
  }

  private Download download(String what, String path, @Nullable String hash, Path file)
      throws IOException, RefusedException, InterruptedException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null || Files.isDirectory(file)) {
      throw new IOException(file + " is a directory; name a file.");
    }
    if (!Files.isDirectory(parent)) {
      throw new IOException("Directory " + parent + " does not exist; create it first.");
    }
    HttpResponse<InputStream> answer = send("GET", path, null, BodyPublishers.noBody());
    String announced =
        hash != null
            ? hash
            : answer.headers().firstValue("ETag").orElse("").replaceAll("W/|\"", "");
    Path partial =
        parent.resolve(file.getFileName() + "." + ProcessHandle.current().pid() + ".part");
    try {
      Download download = receive(answer.body(), partial);
      if (!download.hash().toHex().equals(announced)) {
        throw new IOException(
            "The downloaded "
                + what
                + " has the hash "
                + download.hash().toHex()
                + " but the coordinator announced \""
                + announced
                + "\"; download it again.");
      }
      Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
      return download;
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private static Download receive(InputStream body, Path file) throws IOException {
    try (body;
        OutputStream out = Files.newOutputStream(file);
        DigestOutputStream digested = new DigestOutputStream(out, ContentHash.newDigest())) {
      long bytes = body.transferTo(digested);
      return new Download(bytes, ContentHash.fromDigest(digested.getMessageDigest().digest()));
    }
  }

  private JsonNode get(String path) throws IOException, RefusedException, InterruptedException {
    return json(send("GET", path, null, BodyPublishers.noBody()));
  }

  /** Answers of status 2xx only; their body is not read yet. */
  private HttpResponse<InputStream> send(
      String method, String path, @Nullable String mediaType, BodyPublisher body)
      throws IOException, RefusedException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path)).timeout(ANSWER_WITHIN).method(method, body);
    if (mediaType != null) {
      request.header("Content-Type", mediaType);
    }
    if (token != null) {
      request.header("Authorization", token.header());
    }
    HttpResponse<InputStream> answer;
    try {
      answer = http.send(request.build(), BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new UnreachableException(coordinator, e);
    }
    if (answer.statusCode() / 100 == 2) {
      return answer;
    }
    throw failure(answer);
  }

  private IOException failure(HttpResponse<InputStream> answer)
      throws IOException, RefusedException {
    boolean problem =
        answer
            .headers()
            .firstValue("Content-Type")
            .filter(type -> type.startsWith("application/problem+json"))
            .isPresent();
    String text = text(answer);
    if (problem && answer.statusCode() / 100 == 4 && read(text) instanceof ObjectNode document) {
      throw new RefusedException(new Problem(document));
    }
    return unexpected(answer);
  }

  private JsonNode json(HttpResponse<InputStream> answer) throws IOException {
    JsonNode document = read(text(answer));
    if (document == null || !document.isContainerNode()) {
      throw unexpected(answer);
    }
    return document;
  }

  private String text(HttpResponse<InputStream> answer) throws IOException {
    try (InputStream body = answer.body()) {
      return new String(body.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UnreachableException(coordinator, e);
    }
  }

  /** Null if the text is not JSON. */
  private static @Nullable JsonNode read(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  private static IOException unexpected(HttpResponse<InputStream> answer) {
    return new IOException(
        answer.request().method()
            + " "
            + answer.uri()
            + " answered with status "
            + answer.statusCode()
            + " and nothing that a Tacit coordinator sends; check the address and the"
            + " coordinator's log.");
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }
}
