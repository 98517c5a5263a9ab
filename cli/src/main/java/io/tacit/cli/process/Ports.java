package io.tacit.cli.process;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * The two ports of a coordinator about to start.
 *
 * @param http of the REST API
 * @param grpc that devices call
 */
record Ports(int http, int grpc) {

  /**
   * The ports of the settings, free ones picked where they name none. Checking first is a courtesy:
   * the message is at once and clear. Who takes the port in between makes the coordinator fail.
   *
   * @throws CoordinatorStartException if a port is taken
   */
  static Ports reserve(CoordinatorSettings settings) throws IOException {
    try (ServerSocket http = bind("HTTP", "--http-port", settings.httpPort());
        ServerSocket grpc = bind("gRPC", "--grpc-port", settings.grpcPort())) {
      return new Ports(http.getLocalPort(), grpc.getLocalPort());
    }
  }

  private static ServerSocket bind(String what, String option, int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      // Connections of an earlier coordinator may linger; they do not keep a server from the port.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(port));
      return socket;
    } catch (IOException e) {
      socket.close();
      throw new CoordinatorStartException(
          "%s port %d can not be used (%s); stop the process that has it, or choose another with %s."
              .formatted(what, port, e.getMessage(), option));
    }
  }
}
