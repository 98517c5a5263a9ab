package io.tacit.cli.admin;

import io.tacit.cli.rest.AccessToken;
import io.tacit.cli.rest.CoordinatorApi;
import io.tacit.cli.rest.ServerTrust;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The options that name the coordinator and prove who is asking. A picocli mixin. */
final class CoordinatorAddress {

  /** Where {@code tacit serve} without options leaves it. */
  private static final Path OWN_AUTHORITY = Path.of("tacit-data/tls/authority.pem");

  @Option(
      names = "--url",
      paramLabel = "URL",
      converter = HttpAddress.class,
      defaultValue = "${env:TACIT_URL:-https://localhost:8443}",
      description = "Address of the coordinator (default: ${DEFAULT-VALUE}).")
  private URI url;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "File with the token that proves who you are; see TACIT_TOKEN.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description =
          "The token itself. Others on this machine can see it: better a file, or TACIT_TOKEN.")
  private @Nullable String token;

  @Option(
      names = "--trust",
      paramLabel = "FILE",
      defaultValue = "${env:TACIT_TRUST}",
      description =
          "Certificates in PEM, the coordinator's or its authority's, that alone are trusted"
              + " (default: TACIT_TRUST; if unset, ./tacit-data/tls/authority.pem if it is there,"
              + " else what Java trusts).")
  private @Nullable Path trust;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  CoordinatorApi api() throws IOException {
    return new CoordinatorApi(url, serverTrust(), accessToken());
  }

  private ServerTrust serverTrust() throws IOException {
    if (!url.getScheme().equals("https")) {
      return ServerTrust.platform();
    }
    if (trust != null && !trust.toString().isEmpty()) {
      return ServerTrust.pinned(trust);
    }
    return Files.exists(OWN_AUTHORITY) ? ServerTrust.pinned(OWN_AUTHORITY) : ServerTrust.platform();
  }

  private @Nullable AccessToken accessToken() throws IOException {
    String environment = System.getenv("TACIT_TOKEN");
    try {
      if (tokenFile != null && token != null) {
        throw new IllegalArgumentException("--token-file and --token are both given; choose one");
      } else if (tokenFile != null) {
        return AccessToken.read(tokenFile);
      } else if (token != null) {
        return AccessToken.of(token, "--token");
      }
      return environment == null || environment.isBlank()
          ? null
          : AccessToken.of(environment, "TACIT_TOKEN");
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  static final class HttpAddress implements ITypeConverter<URI> {

    @Override
    public URI convert(String value) {
      try {
        URI address = new URI(value);
        if (address.getHost() != null && String.valueOf(address.getScheme()).matches("https?")) {
          return address;
        }
      } catch (URISyntaxException e) {
        // Told below, like any other text that is no address.
      }
      throw new TypeConversionException(
          "'" + value + "' is no http address; write it like https://localhost:8443");
    }
  }
}
