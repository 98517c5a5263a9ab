package io.tacit.coordinator.service.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceAuthorityTest {

  @TempDir Path directory;

  private record Settings(
      Optional<Path> root,
      Optional<Path> revocations,
      Optional<Path> directory,
      Set<String> populations,
      Optional<List<String>> tokenKeys)
      implements EnrolmentConfiguration {

    static Settings of(Optional<Path> root, Optional<Path> revocations) {
      return new Settings(root, revocations, Optional.empty(), Set.of("shop"), Optional.empty());
    }
  }

  private DeviceAuthority alone(Settings settings) {
    return DeviceAuthority.alone(settings, directory, new SecureRandom(), Clock.systemUTC());
  }

  @Test
  void an_authority_alone_keeps_everything_in_its_directory() {
    try (DeviceAuthority authority = alone(Settings.of(Optional.empty(), Optional.empty()))) {
      assertThat(authority.embedded()).isPresent();
      assertThat(authority.revocations().get().size()).isZero();
      assertThat(directory.resolve("root.pem")).isRegularFile();
      assertThat(directory.resolve("token.key")).isRegularFile();
    }
  }

  @Test
  void an_authority_alone_can_not_be_elsewhere_too() {
    Optional<Path> file = Optional.of(directory.resolve("of-another"));
    for (Settings settings :
        List.of(
            Settings.of(file, file),
            Settings.of(file, Optional.empty()),
            Settings.of(Optional.empty(), file))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> alone(settings))
          .withMessage(
              "tacit.role is authority, and tacit.enrolment.root or tacit.enrolment.revocations is"
                  + " set, which are for coordinators whose authority is elsewhere; remove them");
    }
    assertThat(directory).isEmptyDirectory();
  }
}
