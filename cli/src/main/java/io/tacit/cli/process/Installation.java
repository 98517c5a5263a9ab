package io.tacit.cli.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where Tacit is: the root of its tree.
 *
 * @param root the directory with the {@code tacit} script
 */
public record Installation(Path root) {

  /** The system property that the {@code tacit} script sets to the root. */
  public static final String HOME_PROPERTY = "tacit.home";

  private static final String COORDINATOR =
      "coordinator/service/target/quarkus-app/quarkus-run.jar";

  public Installation {
    root = root.toAbsolutePath().normalize();
  }

  /**
   * The installation that this process runs from.
   *
   * @throws CoordinatorStartException if it was not started by the {@code tacit} script
   */
  public static Installation current() throws CoordinatorStartException {
    String home = System.getProperty(HOME_PROPERTY);
    if (home == null) {
      throw new CoordinatorStartException(
          "The system property "
              + HOME_PROPERTY
              + " is not set, so the coordinator can not be found; use the tacit script, or set it"
              + " to the directory of that script.");
    }
    return new Installation(Path.of(home));
  }

  /**
   * The jar that starts the packaged coordinator.
   *
   * @throws CoordinatorStartException if it is not there
   */
  public Path coordinatorJar() throws CoordinatorStartException {
    Path jar = root.resolve(COORDINATOR);
    if (!Files.isRegularFile(jar)) {
      throw new CoordinatorStartException(
          "The coordinator is not built: "
              + jar
              + " is missing. Run the tacit script without TACIT_BUILD=skip, or build it with"
              + " mvn -pl coordinator/service -am package.");
    }
    return jar;
  }

  /**
   * Has the coordinator's program make an authority for devices, and waits until that is done. Its
   * words go to this process's terminal.
   *
   * @param directory for its root; made if missing
   * @return 0, or another number if there is no new authority
   * @throws CoordinatorStartException if the coordinator is not built
   */
  public int makeAuthority(Path directory) throws IOException, InterruptedException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-jar",
            coordinatorJar().toString(),
            "make-authority",
            directory.toAbsolutePath().toString())
        .inheritIO()
        .start()
        .waitFor();
  }
}
