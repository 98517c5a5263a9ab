package io.tacit.cli.admin;

import io.tacit.cli.rest.CoordinatorApi;
import java.net.URI;
import java.net.URISyntaxException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The option that names the coordinator. A picocli mixin. */
final class CoordinatorAddress {

  @Option(
      names = "--url",
      paramLabel = "URL",
      converter = HttpAddress.class,
      defaultValue = "${env:TACIT_URL:-http://localhost:8080}",
      description = "Address of the coordinator (default: ${DEFAULT-VALUE}).")
  private URI url;

  CoordinatorApi api() {
    return new CoordinatorApi(url);
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
          "'" + value + "' is no http address; write it like http://localhost:8080");
    }
  }
}
