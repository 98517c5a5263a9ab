package io.tacit.cli.demo;

import io.tacit.cli.process.CoordinatorProcess;
import io.tacit.cli.process.CoordinatorSettings;
import io.tacit.cli.process.Installation;
import io.tacit.cli.rest.AccessToken;
import io.tacit.client.connection.ArtifactFetcher;
import io.tacit.client.connection.ConnectionException;
import io.tacit.client.connection.CoordinatorConnection;
import io.tacit.client.connection.GrpcConnectionSettings;
import io.tacit.client.connection.GrpcCoordinatorConnection;
import io.tacit.client.connection.PinnedTrust;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.model.ModelParameters;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A coordinator process for devices that come and go within seconds, and how they reach it. */
final class DeviceSide {

  private static final int CHANNELS = 4;
  private static final Duration FETCH_WITHIN = Duration.ofSeconds(20);
  private static final Duration READY_WITHIN = Duration.ofMinutes(2);

  private DeviceSide() {}

  /**
   * Starts a coordinator.
   *
   * @param directory of its data and its log
   * @param token of its administrator
   * @param memory of its JVM, such as {@code 512m}
   */
  static CoordinatorProcess start(Path directory, AccessToken token, String memory)
      throws IOException, InterruptedException {
    CoordinatorSettings settings =
        CoordinatorSettings.of(Installation.current(), directory.resolve("data"))
            // Devices of a demo come and go within seconds, not hours.
            .withProperty("tacit.come-back-min", "100ms")
            .withAdminToken(token)
            .withJavaOptions(List.of("-Xmx" + memory));
    return CoordinatorProcess.start(settings, directory.resolve("log"), READY_WITHIN);
  }

  /** As apps do: over TLS, to whom the authority of this very coordinator vouches for. */
  static CoordinatorConnection connect(CoordinatorProcess coordinator) throws IOException {
    try (InputStream authority = Files.newInputStream(coordinator.authority())) {
      return GrpcCoordinatorConnection.open(
          GrpcConnectionSettings.tls("localhost", coordinator.grpcPort())
              .withTrust(PinnedTrust.managers(authority))
              .withChannels(CHANNELS));
    }
  }

  /** Fetches a model as devices do. */
  static ModelParameters fetchModel(
      CoordinatorConnection connection, ContentHash hash, int parameters) throws IOException {
    int bytes = (int) ModelParameters.fileBytes(parameters);
    try {
      byte[] file =
          new ArtifactFetcher(connection, hash, bytes)
              .fetch(FETCH_WITHIN)
              .orElseThrow(() -> new IOException("the coordinator has no model " + hash));
      return ModelParameters.fromBytes(file, parameters);
    } catch (ConnectionException e) {
      throw new IOException("model " + hash + " could not be fetched: " + e.getMessage(), e);
    }
  }
}
