package io.tacit.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.tacit.cli.console.Output;
import io.tacit.cli.process.CoordinatorSettings;
import io.tacit.cli.process.ForegroundOptions;
import io.tacit.cli.process.Installation;
import io.tacit.cli.rest.CoordinatorApi;
import io.tacit.cli.rest.RefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tacit ca}: the authority that certifies devices. */
@Command(
    name = "ca",
    description =
        "The authority that certifies devices: make one, run it, show what apps pin, revoke a"
            + " device.",
    subcommands = {
      CertificateAuthorityCommand.Init.class,
      CertificateAuthorityCommand.Serve.class,
      CertificateAuthorityCommand.Show.class,
      CertificateAuthorityCommand.Revoke.class,
      CertificateAuthorityCommand.Revocations.class
    })
public final class CertificateAuthorityCommand {

  private CertificateAuthorityCommand() {}

  @Command(
      name = "init",
      description = {
        "Make an authority, without a coordinator: its root, for ten years, in a file that only its"
            + " owner can read.",
        "tacit ca serve DIR runs it; a coordinator that is started with"
            + " tacit.enrolment.directory=DIR has it within."
      })
  static final class Init implements Callable<Integer> {

    @Parameters(
        paramLabel = "DIR",
        description = "Where its root and its books are kept; made if missing.")
    private Path directory = Path.of("");

    @Override
    public Integer call() throws IOException, InterruptedException {
      return Installation.current().makeAuthority(directory);
    }
  }

  @Command(
      name = "serve",
      description = {
        "Run an authority in the foreground, without a coordinator. Ctrl-C stops it; its data"
            + " stays.",
        "Devices call it to enrol and to renew; people make tokens there and revoke devices."
      })
  static final class Serve implements Callable<Integer> {

    @Mixin private final ForegroundOptions foreground = new ForegroundOptions();

    @Parameters(
        paramLabel = "DIR",
        description = "Where everything of it is kept; without a root, one is made.")
    private Path directory = Path.of("");

    @Option(
        names = "--population",
        paramLabel = "NAME",
        required = true,
        split = ",",
        description = "Population that devices may enrol for; repeatable.")
    private List<String> populations = List.of();

    @Option(
        names = "--token-key",
        paramLabel = "HEX",
        split = ",",
        description = "Public key of a backend whose tokens are taken, 64 hex digits; repeatable.")
    private List<String> tokenKeys = List.of();

    @Option(
        names = "--http-port",
        paramLabel = "PORT",
        defaultValue = "8444",
        description = "Port of the REST API (default: ${DEFAULT-VALUE}).")
    private int httpPort;

    @Option(
        names = "--grpc-port",
        paramLabel = "PORT",
        defaultValue = "9001",
        description = "Port that devices call (default: ${DEFAULT-VALUE}).")
    private int grpcPort;

    @Override
    public Integer call() throws IOException, InterruptedException {
      CoordinatorSettings settings =
          foreground
              .settings(directory, httpPort, grpcPort)
              .withProperty("tacit.role", "authority")
              .withProperty("tacit.enrolment.populations", String.join(",", populations));
      if (!tokenKeys.isEmpty()) {
        settings = settings.withProperty("tacit.enrolment.token-keys", String.join(",", tokenKeys));
      }
      return foreground.run("Authority of devices", settings);
    }
  }

  @Command(name = "show", description = "Show the root certificate and the list of revocations.")
  static final class Show implements Callable<Integer> {

    @Mixin private final CoordinatorAddress address = new CoordinatorAddress();
    @Mixin private final Output output = new Output();

    @Override
    public Integer call() throws IOException, RefusedException, InterruptedException {
      JsonNode root = address.api().enrolmentRoot();
      JsonNode revocations = address.api().revocations();
      output.print(
          root,
          "SHA-256 %s, until %s; revocation list %s has %s certificates%n%s"
              .formatted(
                  Cells.text(root, "fingerprint"),
                  Cells.text(root, "notAfter"),
                  Cells.text(revocations, "epoch"),
                  Cells.text(revocations, "certificates"),
                  Cells.text(root, "certificate").stripTrailing()));
      return 0;
    }
  }

  @Command(
      name = "revoke",
      description = {
        "Revoke a device: this certificate, those of its chain of renewals and those of its key.",
        "From then on the coordinator refuses it. This can not be undone."
      })
  static final class Revoke implements Callable<Integer> {

    @Mixin private final CoordinatorAddress address = new CoordinatorAddress();
    @Mixin private final Output output = new Output();

    @Parameters(paramLabel = "SERIAL", description = "Serial number of a certificate, in hex.")
    private String serial = "";

    @Option(
        names = "--reason",
        paramLabel = "REASON",
        defaultValue = "unspecified",
        description =
            "unspecified, key-compromise, cessation-of-operation or privilege-withdrawn (default:"
                + " ${DEFAULT-VALUE}).")
    private String reason = "";

    @Override
    public Integer call() throws IOException, RefusedException, InterruptedException {
      String code = reason.toUpperCase(Locale.ROOT).replace('-', '_');
      JsonNode list = address.api().revoke(serial, code);
      output.print(
          list,
          Cells.text(list, "added").equals("0")
              ? "Was revoked before; list %s stays".formatted(Cells.text(list, "epoch"))
              : "Revoked %s certificates; list %s"
                  .formatted(Cells.text(list, "added"), Cells.text(list, "epoch")));
      return 0;
    }
  }

  @Command(
      name = "revocations",
      description = {
        "Fetch the signed list of revocations, for a coordinator that another authority than its"
            + " own certifies devices for.",
        "Replaces the file at once; to be fetched anew more often than once a day."
      })
  static final class Revocations implements Callable<Integer> {

    @Mixin private final CoordinatorAddress address = new CoordinatorAddress();
    @Mixin private final Output output = new Output();

    @Parameters(paramLabel = "FILE", description = "Where the list is to be, in DER.")
    private Path file = Path.of("");

    @Override
    public Integer call() throws IOException, RefusedException, InterruptedException {
      CoordinatorApi.Download list = address.api().downloadRevocations(file);
      output.print(
          JsonNodeFactory.instance
              .objectNode()
              .put("file", file.toString())
              .put("bytes", list.bytes())
              .put("contentHash", list.hash().toHex()),
          "%s: %d bytes, hash %s".formatted(file, list.bytes(), list.hash()));
      return 0;
    }
  }
}
