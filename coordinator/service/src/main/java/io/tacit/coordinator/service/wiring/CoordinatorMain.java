package io.tacit.coordinator.service.wiring;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.SmallRyeConfig;
import io.tacit.coordinator.DirectoryLock;
import io.tacit.enrolment.RootCertificate;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;

/** Starts the service; before that, it prepares TLS, which Quarkus reads before it makes beans. */
@QuarkusMain
public final class CoordinatorMain {

  private CoordinatorMain() {}

  /**
   * Runs until it is stopped; or with {@code make-authority DIR} makes the root of an authority for
   * devices and tells what apps pin.
   */
  public static void main(String... arguments) {
    try {
      if (arguments.length == 2 && arguments[0].equals("make-authority")) {
        makeAuthority(Path.of(arguments[1]));
        return;
      }
      CoordinatorConfiguration settings = settings();
      Encryption encryption = new Encryption(settings);
      // Taken for good when it is opened; asked here, where a person can be told in one line.
      DirectoryLock.take(settings.dataDirectory()).close();
      encryption.prepare();
      encryption.httpProperties().forEach(System::setProperty);
    } catch (RuntimeException e) {
      System.err.println("The coordinator can not start: " + e.getMessage());
      System.exit(1);
    }
    Quarkus.run(arguments);
  }

  private static void makeAuthority(Path directory) {
    RootCertificate root =
        EmbeddedAuthority.makeRoot(directory, new SecureRandom(), Clock.systemUTC()).certificate();
    System.out.printf(
        "Made an authority in %s; keep a copy of root.pem where no coordinator is.%n"
            + "SHA-256 %s, until %s%n%s",
        directory, root.fingerprint(), root.notAfter(), root.toPem());
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
