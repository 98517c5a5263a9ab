package io.tacit.cli;

import io.tacit.cli.admin.AuditCommand;
import io.tacit.cli.admin.CertificateAuthorityCommand;
import io.tacit.cli.admin.KeyCommand;
import io.tacit.cli.admin.ModelCommand;
import io.tacit.cli.admin.PlanCommand;
import io.tacit.cli.admin.PrivacyCommand;
import io.tacit.cli.admin.RoundCommand;
import io.tacit.cli.admin.TokenCommand;
import io.tacit.cli.admin.VerifyRoundCommand;
import io.tacit.cli.chaos.ChaosCommand;
import io.tacit.cli.demo.DemoCommand;
import io.tacit.cli.demo.SimulateCommand;
import io.tacit.cli.evaluate.EvaluateCommand;
import io.tacit.cli.evaluate.FedAvgCommand;
import io.tacit.protocol.ProtocolVersion;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The command line of Tacit. */
@Command(
    name = "tacit",
    description = "Federated learning for recommenders: run a coordinator, and see what it learns.",
    scope = CommandLine.ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    versionProvider = Tacit.Version.class,
    subcommands = {
      DemoCommand.class,
      SimulateCommand.class,
      EvaluateCommand.class,
      FedAvgCommand.class,
      ServeCommand.class,
      PlanCommand.class,
      PrivacyCommand.class,
      ModelCommand.class,
      RoundCommand.class,
      VerifyRoundCommand.class,
      ChaosCommand.class,
      AuditCommand.class,
      KeyCommand.class,
      CertificateAuthorityCommand.class,
      TokenCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "  0:done",
      "  1:failed",
      "  2:wrong usage",
      "  3:refused by the coordinator; it says what, why and the remedy",
      "  4:no coordinator answers",
      "130:ended by Ctrl-C"
    },
    footerHeading = "%nEnvironment:%n",
    footer = {
      "  TACIT_URL     the coordinator's address, instead of --url",
      "  TACIT_TOKEN   the token that proves who you are, instead of --token-file",
      "  TACIT_TRUST   file of the certificates to trust alone, instead of --trust"
    })
public final class Tacit {

  // Held, because java.util.logging forgets the level of a logger that nobody holds.
  private static final Logger LOGS = Logger.getLogger("");
  private static final Logger FLYWAY = Logger.getLogger("org.flywaydb");

  private Tacit() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    keepLogsQuiet();
    System.exit(commandLine().execute(args));
  }

  /** What a coordinator in this process tells its log is no output of a command. */
  private static void keepLogsQuiet() {
    LOGS.setLevel(Level.WARNING);
    // It warns of each H2 that is newer than itself.
    FLYWAY.setLevel(Level.SEVERE);
  }

  /** The whole command tree; tests give it their own writers. */
  static CommandLine commandLine() {
    return new CommandLine(new Tacit())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(new Failures());
  }

  /** The version of the jar; classes that run unpacked have none. */
  static final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
      String version =
          Optional.ofNullable(Tacit.class.getPackage().getImplementationVersion())
              .orElse("(not packaged)");
      return new String[] {"tacit " + version + ", wire protocol " + ProtocolVersion.CURRENT};
    }
  }
}
