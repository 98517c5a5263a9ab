package io.tacit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.client.Pkcs12KeyStore;
import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.behaviour.FileBehaviourStore;
import io.tacit.client.behaviour.IntegrityReport;
import io.tacit.client.keys.KeyStoreProvider;
import io.tacit.client.ledger.LedgerEntry;
import io.tacit.client.ledger.PrivacyLedger;
import io.tacit.client.recommend.InstalledVersion;
import io.tacit.client.recommend.ModelStore;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.client.storage.Vault;
import io.tacit.e2e.app.ShopApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a killed {@link ShopApp} left on its device. Looks at a copy of the files, so that the next
 * process finds, and mends, what the last one left.
 *
 * @param numbers of the events, as they are read
 * @param ledger the latest first
 * @param model that is installed
 */
record DeviceAfterDeath(
    List<Long> numbers, List<LedgerEntry> ledger, Optional<InstalledVersion> model) {

  /** More would mean that what a killed process left beside its files is never removed. */
  private static final int FILES_MAX = 40;

  /** Opens everything, and fails where opening has to remove more than a torn end. */
  static DeviceAfterDeath examine(Path device, Path scratch) throws IOException {
    copy(device, scratch);
    try (Vault vault = Vault.open(scratch, keys(device), List.of())) {
      DeviceStorage storage = vault.storage("state");
      ModelStore.Opened models = ModelStore.openOrReset(storage);
      assertThat(models.modelDamage()).as("damage of the model").isEmpty();
      return new DeviceAfterDeath(
          numbers(vault), PrivacyLedger.open(storage).entries(), models.store().installed());
    }
  }

  /** A copy of the key store that lies beside the device's directory, if it has got that far. */
  private static KeyStoreProvider keys(Path device) throws IOException {
    Path file = device.resolveSibling(device.getFileName() + ".p12");
    Path copy = Files.createTempFile("device", ".p12");
    Files.delete(copy);
    if (Files.exists(file)) {
      Files.copy(file, copy);
    }
    copy.toFile().deleteOnExit();
    return Pkcs12KeyStore.of(copy, ShopApp.PASSWORD.toCharArray());
  }

  private static List<Long> numbers(Vault vault) throws IOException {
    List<Long> numbers = new ArrayList<>();
    try (FileBehaviourStore store =
        FileBehaviourStore.open(vault, "behaviour", ShopApp.RETENTION, Clock.systemUTC())) {
      assertThat(store.foundAtOpening().isIntact()).as("%s", store.foundAtOpening()).isTrue();
      IntegrityReport report = store.scan(event -> numbers.add(numberOf(event)));
      assertThat(report.isIntact()).as("%s", report).isTrue();
    }
    return numbers;
  }

  private static long numberOf(BehaviourEvent event) {
    long number = (long) event.number(ShopApp.NUMBER).orElseThrow();
    assertThat(event.kind()).isEqualTo(ShopApp.EVENT);
    assertThat(event.itemId()).hasValue(ShopApp.itemOf(number));
    return number;
  }

  private static void copy(Path device, Path scratch) throws IOException {
    delete(scratch);
    Files.createDirectories(scratch);
    List<Path> files = tree(device);
    assertThat(files).as("files of a device").hasSizeLessThan(FILES_MAX);
    for (Path file : files) {
      Path target = scratch.resolve(device.relativize(file).toString());
      if (Files.isDirectory(file)) {
        Files.createDirectories(target);
      } else {
        Files.copy(file, target);
      }
    }
    // The first life may have ended before anything was made.
    Files.createDirectories(scratch.resolve("behaviour"));
  }

  private static void delete(Path directory) throws IOException {
    for (Path file : tree(directory).stream().sorted(Comparator.reverseOrder()).toList()) {
      Files.delete(file);
    }
  }

  /** The directory and all in it, a directory before what it holds. */
  private static List<Path> tree(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files.sorted().toList();
    }
  }
}
