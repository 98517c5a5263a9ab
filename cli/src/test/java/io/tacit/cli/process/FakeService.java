package io.tacit.cli.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;

/**
 * Stands in for the packaged coordinator, as a process of its own: {@code -Dfake.mode} says how it
 * behaves. One class file that needs no other, so that it is easily put into a jar.
 */
final class FakeService implements HttpHandler {

  private final boolean everReady;
  private int asked;

  private FakeService(boolean everReady) {
    this.everReady = everReady;
  }

  /** Runs until it is stopped, or ends with exit code 3 in the mode {@code dies}. */
  public static void main(String[] arguments) throws Exception {
    String mode = System.getProperty("fake.mode", "ready");
    System.out.println("fake service, mode " + mode);
    if (mode.equals("dies")) {
      for (int line = 1; line <= 30; line++) {
        System.out.println("line " + line + " before the end");
      }
      System.exit(3);
    }
    if (mode.equals("ignores-stop")) {
      Runtime.getRuntime().addShutdownHook(new Thread(FakeService::waitForever));
    }
    HttpServer server =
        HttpServer.create(new InetSocketAddress(Integer.getInteger("tacit.http.port")), 0);
    server.createContext("/", new FakeService(!mode.equals("never-ready")));
    server.start();
  }

  private static void waitForever() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ready when asked for the second time; anything else is answered with what it was told. */
  @Override
  public synchronized void handle(HttpExchange exchange) throws IOException {
    boolean health = exchange.getRequestURI().getPath().equals("/q/health/ready");
    int status = !health || (everReady && ++asked > 1) ? 200 : 503;
    byte[] body =
        String.join(
                "\n",
                String.valueOf(ProcessHandle.current().pid()),
                System.getProperty("tacit.grpc.port"),
                System.getProperty("tacit.data-directory"),
                String.valueOf(System.getProperty("tacit.http.host")),
                String.valueOf(System.getProperty("fake.option")),
                String.valueOf(System.getenv("TACIT_PEOPLE_ADMIN_TOKEN_HASH")),
                String.valueOf(System.getProperty("tacit.people.new-admin-token")),
                String.valueOf(System.getProperty("tacit.role")),
                String.valueOf(System.getProperty("tacit.enrolment.populations")),
                String.valueOf(System.getProperty("tacit.enrolment.token-keys")))
            .getBytes(UTF_8);
    try (exchange) {
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
