package io.tacit.client;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.connection.ScriptedCoordinator;
import io.tacit.client.connection.ScriptedRound;
import io.tacit.client.keys.FileKeys;
import io.tacit.client.policy.ClientPolicy;
import io.tacit.client.recommend.Recommendations;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.client.storage.KeyFile;
import io.tacit.client.storage.Vault;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an app sees of encryption, and what somebody sees who has the device's files. */
@Timeout(60)
class EncryptedClientTest {

  private static final TrainingPlan PLAN = TestPlans.twoTower();
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final char[] PASSWORD = "a password".toCharArray();

  @TempDir Path directory;

  private final List<TacitClient> clients = new ArrayList<>();
  private final ScriptedCoordinator coordinator = new ScriptedCoordinator();
  private final ScriptedRound script = new ScriptedRound(coordinator);

  @AfterEach
  void close() {
    clients.forEach(TacitClient::close);
    coordinator.close();
  }

  private Path client() {
    return directory.resolve("client");
  }

  private FileKeys keys() {
    return new FileKeys(directory.resolve("keys"));
  }

  private TacitClient start(Storage storage, Path at) {
    byte[] model = ModelParameters.copyOf(new float[PLAN.parameters()]).toBytes();
    TacitClient client =
        TacitClient.builder(at, TestPlans.POPULATION)
            .storage(storage)
            .policy(ClientPolicy.development())
            .coordinator(CoordinatorAddress.onThisMachine(coordinator.port()))
            .model(
                BundledModel.of(
                    PLAN.toBytes(),
                    TestPlans.catalogue().toBytes(),
                    model,
                    ContentHash.of(model).toHex()))
            .build();
    clients.add(client);
    return client;
  }

  private TacitClient start() {
    return start(Storage.encrypted(keys()), client());
  }

  private static <T> T get(CompletableFuture<T> future) {
    try {
      return future.get(30, SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** A client that has events, a model, an identity and a ledger, and is closed. */
  private void live() {
    script.offer(PLAN, 1);
    try (TacitClient client = start()) {
      for (String item : List.of("a", "b", "c")) {
        get(client.record(BehaviourEvent.click(item, NOW).with("note", "private-note")));
      }
      assertThat(get(client.participate()).hasContributed()).isTrue();
      assertThat(client.status().findings()).isEmpty();
    }
  }

  private static List<Path> files(Path at) throws IOException {
    try (Stream<Path> files = Files.walk(at)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    for (Path file : files(from)) {
      Path target = to.resolve(from.relativize(file));
      Files.createDirectories(target.getParent());
      Files.copy(file, target);
    }
  }

  /** How a client that can not open its files says so. */
  private static String refusal(TacitClient client) {
    assertThatThrownBy(() -> client.recommend(1).get(30, SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(IOException.class);
    assertThat(client.status().state()).isEqualTo(ClientStatus.State.NEEDS_ATTENTION);
    return client.status().message();
  }

  @Test
  void an_app_must_say_how_files_are_kept() {
    assertThatThrownBy(() -> TacitClient.builder(client(), "shop").build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "storage is not set; say storage(Storage.encrypted(password)), with a password from"
                + " where the app keeps secrets, or storage(Storage.unencrypted())");
    assertThat(client()).doesNotExist();
  }

  @Test
  void a_password_makes_a_key_store_beside_the_directory_that_the_next_start_needs() {
    TacitClient first = start(Storage.encrypted(PASSWORD), client());
    get(first.record(BehaviourEvent.click("e", NOW)));
    first.close();
    assertThat(directory.resolve("client.p12")).isRegularFile();

    TacitClient wrong = start(Storage.encrypted("another".toCharArray()), client());
    assertThat(refusal(wrong))
        .contains(
            directory.resolve("client.p12") + " gives no key with this password, or is damaged");
    wrong.close();
    TacitClient next =
        start(
            Storage.encrypted(Pkcs12KeyStore.of(directory.resolve("client.p12"), PASSWORD)),
            client());
    Recommendations recommendations = get(next.recommend(6));
    assertThat(recommendations.items()).hasSize(4);
  }

  @Test
  void a_key_of_the_app_makes_a_key_store_beside_the_directory_that_no_other_key_opens()
      throws IOException {
    byte[] key = new byte[32];
    byte[] other = new byte[32];
    other[7] = 1;
    Path store = directory.resolve("client.keys");
    TacitClient first = start(Storage.encryptedWithKey(key), client());
    get(first.record(BehaviourEvent.click("e", NOW)));
    first.close();
    assertThat(store).isRegularFile();

    TacitClient wrong = start(Storage.encryptedWithKey(other), client());
    assertThat(refusal(wrong)).contains(store + " does not open under this key, or is damaged");
    wrong.close();
    TacitClient password = start(Storage.encrypted(PASSWORD), client());
    assertThat(refusal(password))
        .contains(
            client().resolve("keys") + " is encrypted with a key that this client does not have");
    password.close();
    TacitClient next = start(Storage.encryptedWithKey(key), client());
    assertThat(get(next.recommend(6)).items()).hasSize(4);
    Path copy = directory.resolve("copy");
    copy(client(), copy);
    get(next.forgetMe());
    assertThat(refusal(start(Storage.encrypted(KeyFile.of(store, key)), copy)))
        .contains(copy.resolve("keys") + " is older than what was written last;");
  }

  @Test
  void a_key_that_may_be_guessed_is_refused_at_once() {
    assertThatThrownBy(() -> Storage.encryptedWithKey(new byte[16]))
        .hasMessageStartingWith("key has 16 bytes, must have 32 of a secure random generator;");
  }

  @Test
  void what_the_person_did_is_in_no_file() throws IOException {
    live();
    for (Path file : files(client())) {
      String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
      assertThat(text).as("%s", file).doesNotContain("private-note", "note", "click");
      // The titles of the catalogue are not to be seen either.
      assertThat(text).as("%s", file).doesNotContain("Cherry", "Elder");
    }
  }

  @Test
  void after_forget_me_a_copy_of_the_directory_opens_nothing_with_the_key_store_that_is_left()
      throws IOException {
    live();
    Path copy = directory.resolve("copy");
    copy(client(), copy);
    TacitClient client = start();
    ForgetReport report = get(client.forgetMe());
    assertThat(report.behaviour().events()).isEqualTo(3);
    assertThat(report.deleted()).contains("identity", "ledger");

    assertThat(refusal(start(Storage.encrypted(keys()), copy)))
        .contains(copy.resolve("keys") + " is older than what was written last;");
    // The client itself goes on, as a new one.
    assertThat(get(client.recommend(6)).items()).hasSize(5);
    assertThat(get(client.ledger()).entries()).isEmpty();
    get(client.record(BehaviourEvent.click("d", NOW)));
    client.close();
    assertThat(get(start().recommend(6)).items()).hasSize(4);
  }

  /** A trained update is in memory only, so that nothing has to be erased when it is spent. */
  @Test
  void an_update_is_in_no_file_neither_when_it_leaves_nor_afterwards() throws IOException {
    Path copy = directory.resolve("copy");
    List<IOException> failed = new ArrayList<>();
    script.offer(PLAN, 1);
    coordinator.onUpload =
        header -> {
          try {
            copy(client(), copy);
          } catch (IOException e) {
            failed.add(e);
          }
          return null;
        };
    try (TacitClient client = start()) {
      for (String item : List.of("a", "b", "c")) {
        get(client.record(BehaviourEvent.click(item, NOW)));
      }
      assertThat(get(client.participate()).hasContributed()).isTrue();
    }
    assertThat(failed).isEmpty();
    byte[] update = coordinator.uploaded();
    assertThat(update.length).isGreaterThan(32);
    for (Path device : List.of(client(), copy)) {
      assertThat(contents(device)).isNotEmpty().noneMatch(content -> isPartOf(update, content));
    }
  }

  /** The content of all small files, for who has the key store. */
  private List<byte[]> contents(Path device) throws IOException {
    List<byte[]> contents = new ArrayList<>();
    try (Vault vault = Vault.open(device, keys(), List.of())) {
      DeviceStorage state = vault.storage("state");
      for (String name : state.names()) {
        contents.add(state.read(name, 1 << 20).orElseThrow());
      }
    }
    return contents;
  }

  /** Whether sixteen bytes of the update are in a content. */
  private static boolean isPartOf(byte[] update, byte[] content) {
    String text = new String(content, StandardCharsets.ISO_8859_1);
    for (int at = 0; at + 16 <= update.length; at += 4) {
      byte[] part = Arrays.copyOfRange(update, at, at + 16);
      if (text.contains(new String(part, StandardCharsets.ISO_8859_1)) && !isZero(part)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isZero(byte[] bytes) {
    for (byte b : bytes) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  @Test
  void a_damaged_model_is_fetched_again_and_the_reason_is_told() throws IOException {
    live();
    Path model = one("installed-model-");
    byte[] whole = Files.readAllBytes(model);
    Files.write(model, Arrays.copyOf(whole, whole.length - 1));

    TacitClient client = start();
    assertThat(get(client.recommend(1)).refusal()).isEmpty();
    assertThat(client.status().findings())
        .singleElement()
        .asString()
        .startsWith("The model was removed and is fetched again: " + model + " is cut short;");
  }

  @Test
  void lost_events_are_told_and_the_others_are_used() throws IOException {
    live();
    Path segment = client().resolve("behaviour/events-000000000001");
    byte[] whole = Files.readAllBytes(segment);
    whole[whole.length - 1] ^= 1;
    Files.write(segment, whole);

    TacitClient client = start();
    assertThat(get(client.recommend(6)).items()).hasSize(3);
    assertThat(client.status().findings())
        .singleElement()
        .asString()
        .startsWith("Some events can not be read, the others are used: 2 events intact, 1 damaged");
  }

  @Test
  void a_round_that_was_set_back_is_not_taken_part_in() throws IOException {
    live();
    Path latch = one("round-");
    byte[] before = Files.readAllBytes(latch);
    script.offer(PLAN, 2);
    try (TacitClient client = start()) {
      assertThat(get(client.participate()).hasContributed()).isTrue();
    }
    Files.write(latch, before);
    script.offer(PLAN, 2);

    TacitClient client = start();
    Participation participation = get(client.participate());
    assertThat(participation.result()).isEqualTo(Participation.Result.STORAGE_FAILED);
    assertThat(participation.message()).contains(latch + " is older than what was written last;");
    assertThat(get(client.recommend(1)).items()).hasSize(1);
  }

  @Test
  void another_identity_and_a_missing_ledger_are_told() throws IOException {
    live();
    Files.copy(one("round-"), one("identity"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    script.offer(PLAN, 2);
    try (TacitClient client = start()) {
      assertThat(get(client.participate()).message())
          .contains("identity is another file of this client;");
    }
    Files.delete(one("ledger"));
    assertThat(refusal(start())).contains("ledger is missing;");
  }

  @Test
  void an_older_ledger_from_a_backup_is_not_taken_for_the_present_one() throws IOException {
    live();
    Path ledger = one("ledger");
    byte[] before = Files.readAllBytes(ledger);
    script.offer(PLAN, 2);
    try (TacitClient client = start()) {
      assertThat(get(client.participate()).hasContributed()).isTrue();
    }
    Files.write(ledger, before);

    assertThat(refusal(start())).contains("ledger is older than what was written last;");
    assertThat(ledger).hasBinaryContent(before);
  }

  @Test
  void a_damaged_ledger_is_not_taken_for_an_empty_one() throws IOException {
    live();
    Path ledger = one("ledger");
    byte[] bytes = Files.readAllBytes(ledger);
    bytes[bytes.length - 1] ^= 1;
    Files.write(ledger, bytes);

    assertThat(refusal(start())).contains("ledger is damaged;");
  }

  /** Else the plan that it counts would be missing from the sum over all plans. */
  @Test
  void a_count_that_was_deleted_is_missed_by_the_ledger_of_all_plans() throws IOException {
    live();
    try (TacitClient client = start()) {
      get(client.forgetMe());
    }
    Path count = one("round-");
    Files.delete(count);

    TacitClient client = start();
    assertThatThrownBy(() -> client.ledger().get(30, SECONDS))
        .hasMessageContaining(count + " is missing;");
    assertThat(get(client.recommend(1)).items()).hasSize(1);
  }

  @Test
  void who_paused_stays_paused_whatever_happens_to_the_file() throws IOException {
    try (TacitClient client = start()) {
      get(client.pause());
    }
    Files.delete(one("paused"));
    TacitClient client = start();
    assertThat(get(client.recommend(1)).items()).hasSize(1);
    assertThat(client.status().state()).isEqualTo(ClientStatus.State.PAUSED);
  }

  @Test
  void files_with_and_without_encryption_are_not_mixed() {
    start(Storage.unencrypted(), client()).close();
    TacitClient encrypted = start();
    assertThat(refusal(encrypted))
        .contains(" is not encrypted, and this client encrypts its files;");
    encrypted.close();

    Path other = directory.resolve("other");
    start(Storage.encrypted(keys()), other).close();
    assertThat(refusal(start(Storage.unencrypted(), other)))
        .contains(other + " is encrypted, and this client was built without a key store;");
  }

  private Path one(String beginning) throws IOException {
    return files(client().resolve("state")).stream()
        .filter(file -> file.getFileName().toString().startsWith(beginning))
        .findFirst()
        .orElseThrow();
  }
}
