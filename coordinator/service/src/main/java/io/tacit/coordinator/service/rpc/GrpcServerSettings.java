package io.tacit.coordinator.service.rpc;

/**
 * Where devices call.
 *
 * @param host name or address of an interface
 * @param port 1 to 65535, or 0 for any that is free
 */
public record GrpcServerSettings(String host, int port) {

  public GrpcServerSettings {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException(
          "tacit.grpc.port is " + port + ", must be 1 to 65535, or 0 for any that is free");
    }
  }
}
