package io.tacit.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * A coordinator's REST API with canned answers, on a real socket. Records what it was asked. The
 * last answer of a path is given again and again.
 */
final class RestCoordinator implements AutoCloseable {

  record Request(String method, String path, String contentType, String body) {}

  private record Answer(int status, String contentType, Map<String, String> headers, byte[] body) {}

  private final HttpServer server;
  private final Map<String, Queue<Answer>> answers = new HashMap<>();
  private final List<Request> requests = new ArrayList<>();
  private final List<byte[]> bodies = new ArrayList<>();
  private final List<String> authorizations = new ArrayList<>();

  RestCoordinator() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  URI url() {
    return URI.create("http://localhost:" + server.getAddress().getPort());
  }

  RestCoordinator json(String request, int status, String body) {
    return answer(request, status, "application/json", Map.of(), body.getBytes(UTF_8));
  }

  RestCoordinator problem(String request, int status, String body) {
    return answer(request, status, "application/problem+json", Map.of(), body.getBytes(UTF_8));
  }

  RestCoordinator answer(
      String request, int status, String contentType, Map<String, String> headers, byte[] body) {
    synchronized (answers) {
      answers
          .computeIfAbsent(request, r -> new ArrayDeque<>())
          .add(new Answer(status, contentType, headers, body));
    }
    return this;
  }

  List<Request> requests() {
    synchronized (answers) {
      return List.copyOf(requests);
    }
  }

  /** The body of each request, for what is no text. */
  List<byte[]> bodies() {
    synchronized (answers) {
      return List.copyOf(bodies);
    }
  }

  /** The header Authorization of each request, {@code null} as a text where there was none. */
  List<String> authorizations() {
    synchronized (answers) {
      return List.copyOf(authorizations);
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String method = exchange.getRequestMethod();
      String path = exchange.getRequestURI().toString();
      byte[] bytes = exchange.getRequestBody().readAllBytes();
      String body = new String(bytes, UTF_8);
      String type = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"));
      Answer answer;
      synchronized (answers) {
        authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        requests.add(new Request(method, path, type, body));
        bodies.add(bytes);
        answer = next(method + " " + path);
      }
      exchange.getResponseHeaders().set("Content-Type", answer.contentType());
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      exchange.sendResponseHeaders(answer.status(), answer.body().length);
      exchange.getResponseBody().write(answer.body());
    }
  }

  private Answer next(String request) {
    Queue<Answer> queue = answers.getOrDefault(request, new ArrayDeque<>());
    if (queue.isEmpty()) {
      return new Answer(404, "text/plain", Map.of(), ("no answer for " + request).getBytes(UTF_8));
    }
    return queue.size() == 1 ? queue.element() : queue.remove();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
