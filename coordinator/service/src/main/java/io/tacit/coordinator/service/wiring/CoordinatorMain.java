package io.tacit.coordinator.service.wiring;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.SmallRyeConfig;

/** Starts the service; before that, it prepares TLS, which Quarkus reads before it makes beans. */
@QuarkusMain
public final class CoordinatorMain {

  private CoordinatorMain() {}

  /** Runs until it is stopped. */
  public static void main(String... arguments) {
    try {
      Encryption encryption = new Encryption(settings());
      encryption.prepare();
      encryption.httpProperties().forEach(System::setProperty);
    } catch (RuntimeException e) {
      System.err.println("The coordinator can not start: " + e.getMessage());
      System.exit(1);
    }
    Quarkus.run(arguments);
  }

  private static CoordinatorConfiguration settings() {
    SmallRyeConfig config =
        ConfigUtils.configBuilder()
            .withMapping(CoordinatorConfiguration.class)
            // Other parts have settings under the same name; Quarkus checks them all.
            .withValidateUnknown(false)
            .build();
    return config.getConfigMapping(CoordinatorConfiguration.class);
  }
}
