package io.tacit.cli.process;

import io.tacit.cli.rest.AccessToken;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How to start a coordinator. Immutable; {@code with...} makes changed copies.
 *
 * @param installation where its jar is
 * @param dataDirectory where it keeps its data; created if missing
 * @param httpPort of the REST API, 1 to 65535, or {@link #FREE_PORT}
 * @param grpcPort that devices call, 1 to 65535, or {@link #FREE_PORT}
 * @param properties further configuration, as system properties
 * @param environment further environment variables, for what others must not see in its command
 * @param javaOptions options of its JVM
 */
public record CoordinatorSettings(
    Installation installation,
    Path dataDirectory,
    int httpPort,
    int grpcPort,
    Map<String, String> properties,
    Map<String, String> environment,
    List<String> javaOptions) {

  /** Any port that is free at the start. */
  public static final int FREE_PORT = 0;

  private static final int PORT_MAX = 65_535;
  private static final String ENCRYPTION = "tacit.tls.enabled";

  public CoordinatorSettings {
    checkPort("HTTP", httpPort);
    checkPort("gRPC", grpcPort);
    if (httpPort == grpcPort && httpPort != FREE_PORT) {
      throw new IllegalArgumentException(
          "HTTP port and gRPC port are both " + httpPort + "; choose two");
    }
    properties = Map.copyOf(properties);
    environment = Map.copyOf(environment);
    javaOptions = List.copyOf(javaOptions);
  }

  private static void checkPort(String what, int port) {
    if (port < FREE_PORT || port > PORT_MAX) {
      throw new IllegalArgumentException(
          what + " port is " + port + ", must be 0 (any free one) to " + PORT_MAX);
    }
  }

  /** A coordinator on free ports. */
  public static CoordinatorSettings of(Installation installation, Path dataDirectory) {
    return new CoordinatorSettings(
        installation, dataDirectory, FREE_PORT, FREE_PORT, Map.of(), Map.of(), List.of());
  }

  /** On these ports. */
  public CoordinatorSettings withPorts(int http, int grpc) {
    return new CoordinatorSettings(
        installation, dataDirectory, http, grpc, properties, environment, javaOptions);
  }

  /** With one more system property, e.g. {@code tacit.http.host}. */
  public CoordinatorSettings withProperty(String name, String value) {
    Map<String, String> more = new HashMap<>(properties);
    more.put(name, value);
    return new CoordinatorSettings(
        installation, dataDirectory, httpPort, grpcPort, more, environment, javaOptions);
  }

  /** With this admin token instead of one that it makes and prints; it hears only the hash. */
  public CoordinatorSettings withAdminToken(AccessToken token) {
    Map<String, String> more = new HashMap<>(environment);
    more.put("TACIT_PEOPLE_ADMIN_TOKEN_HASH", token.hash().toHex());
    return new CoordinatorSettings(
        installation, dataDirectory, httpPort, grpcPort, properties, more, javaOptions);
  }

  /** With more JVM options, e.g. {@code -Xmx512m}. */
  public CoordinatorSettings withJavaOptions(List<String> options) {
    List<String> more = new ArrayList<>(javaOptions);
    more.addAll(options);
    return new CoordinatorSettings(
        installation, dataDirectory, httpPort, grpcPort, properties, environment, more);
  }

  /**
   * Without TLS, for benchmarks and what stands in for a coordinator: only calls from this machine
   * reach it then.
   */
  public CoordinatorSettings withoutEncryption() {
    return withProperty(ENCRYPTION, "false");
  }

  boolean isEncrypted() {
    return !"false".equals(properties.get(ENCRYPTION));
  }
}
