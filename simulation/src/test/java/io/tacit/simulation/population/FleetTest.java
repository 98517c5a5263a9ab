package io.tacit.simulation.population;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.client.connection.CoordinatorConnection;
import io.tacit.client.policy.ClientPolicy;
import io.tacit.client.rounds.ParticipantSettings;
import io.tacit.client.training.PortableEngine;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class FleetTest {

  @TempDir Path directory;

  @Test
  @Timeout(60)
  void an_error_on_one_device_stops_the_fleet_which_says_what_it_was() throws Exception {
    Error error = new OutOfMemoryError("Java heap space");
    CoordinatorConnection failing =
        (CoordinatorConnection)
            Proxy.newProxyInstance(
                CoordinatorConnection.class.getClassLoader(),
                new Class<?>[] {CoordinatorConnection.class},
                (proxy, method, arguments) -> {
                  throw error;
                });
    Population population =
        Population.ofNewcomers(
            3,
            directory,
            DeviceParts.of(
                ParticipantSettings.of("shop", ClientPolicy.development()),
                failing,
                new PortableEngine()),
            1);

    try (Fleet fleet = new Fleet(population.devices(), 2, 1, outcome -> {})) {
      assertThat(fleet.failure()).isNull();
      fleet.start();
      while (fleet.failure() == null) {
        Thread.onSpinWait();
      }
      assertThat(fleet.failure()).isSameAs(error);
    }
  }
}
