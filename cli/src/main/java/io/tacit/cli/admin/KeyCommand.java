package io.tacit.cli.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.tacit.cli.console.Output;
import io.tacit.protocol.crypto.TaskKey;
import io.tacit.protocol.crypto.TaskKeyPair;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tacit key}: the task key of a model's owner. Talks to no coordinator. */
@Command(
    name = "key",
    description = "Task keys: what owners of models sign plans with. Never on a coordinator.",
    subcommands = {KeyCommand.Create.class, KeyCommand.Show.class})
public final class KeyCommand {

  private KeyCommand() {}

  @Command(name = "create", description = "Make a task key, in a file for its owner only.")
  static final class Create implements Callable<Integer> {

    @Mixin private final Output output = new Output();

    @Option(
        names = {"-o", "--out"},
        paramLabel = "FILE",
        required = true,
        description = "Where to write it (PKCS#8 PEM, mode 600); must not exist. Keep a copy safe.")
    private Path file;

    @Override
    public Integer call() throws IOException {
      TaskKeyPair key = TaskKeyPair.generate(new SecureRandom());
      TaskKeyFile.create(file, key);
      print(output, file, key.publicKey());
      return 0;
    }
  }

  @Command(
      name = "show",
      description = "Show the public half, for apps to pin and for tacit.task-keys.")
  static final class Show implements Callable<Integer> {

    @Mixin private final Output output = new Output();

    @Parameters(paramLabel = "FILE", description = "A file that tacit key create made.")
    private Path file;

    @Override
    public Integer call() throws IOException {
      print(output, file, TaskKeyFile.read(file).publicKey());
      return 0;
    }
  }

  private static void print(Output output, Path file, TaskKey key) {
    output.print(
        JsonNodeFactory.instance
            .objectNode()
            .put("file", file.toString())
            .put("fingerprint", key.id().toHex())
            .put("publicKey", key.toPem()),
        "Task key " + key.id() + "\n" + key.toPem());
  }
}
