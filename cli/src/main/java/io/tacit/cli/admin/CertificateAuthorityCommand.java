package io.tacit.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacit.cli.console.Output;
import io.tacit.cli.rest.RefusedException;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tacit ca}: the authority that certifies devices. */
@Command(
    name = "ca",
    description = "The authority that certifies devices: show what apps pin, revoke a device.",
    subcommands = {
      CertificateAuthorityCommand.Show.class,
      CertificateAuthorityCommand.Revoke.class
    })
public final class CertificateAuthorityCommand {

  private CertificateAuthorityCommand() {}

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
}
