package io.tacit.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.tacit.cli.console.Output;
import io.tacit.cli.process.Installation;
import io.tacit.cli.rest.CoordinatorApi;
import io.tacit.cli.rest.RefusedException;
import java.io.IOException;
import java.nio.file.Path;
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
        "The authority that certifies devices: make one, show what apps pin, revoke a device.",
    subcommands = {
      CertificateAuthorityCommand.Init.class,
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
        "A coordinator uses it that is started with tacit.enrolment.directory=DIR."
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
