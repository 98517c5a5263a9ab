package io.tacit.client;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.connection.ScriptedCoordinator;
import io.tacit.client.connection.ScriptedSecureRound;
import io.tacit.client.ledger.LedgerEntry;
import io.tacit.client.ledger.Receipt;
import io.tacit.client.policy.ClientPolicy;
import io.tacit.protocol.v1.CheckInRequest;
import io.tacit.protocol.v1.CheckInResponse;
import io.tacit.protocol.v1.ComeBack;
import io.tacit.protocol.v1.ComeBackReason;
import io.tacit.testing.SettableClock;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an app and its user hear of a round of secure aggregation. */
@Timeout(60)
class SecureClientTest {

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

  @TempDir Path directory;

  private final ScriptedCoordinator coordinator = new ScriptedCoordinator();
  private final ScriptedSecureRound script = new ScriptedSecureRound(coordinator);
  private @Nullable TacitClient client;

  @AfterEach
  void close() {
    client().close();
    coordinator.close();
  }

  private static <T> T get(CompletableFuture<T> future) {
    try {
      return future.get(30, SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private TacitClient client() {
    return Objects.requireNonNull(client);
  }

  private Participation participate() {
    TacitClient opened =
        TacitClient.builder(directory, TestPlans.POPULATION)
            .storage(Storage.unencrypted())
            .clock(SettableClock.at(NOW))
            .policy(ClientPolicy.development())
            .coordinator(CoordinatorAddress.onThisMachine(coordinator.port()))
            .build();
    client = opened;
    for (String item : List.of("a", "b", "c")) {
      get(opened.record(BehaviourEvent.click(item, NOW)));
    }
    return get(opened.participate());
  }

  private LedgerEntry entry() {
    List<LedgerEntry> entries = get(client().ledger()).entries();
    assertThat(entries).hasSize(1);
    return entries.get(0);
  }

  @Test
  void the_ledger_says_how_the_update_left_and_that_the_record_was_verified() {
    assertThat(participate())
        .hasToString(
            "CONTRIBUTED: This device's update is one of 10 in the new model of round news#1.");

    assertThat(entry().protection()).isEqualTo(LedgerEntry.Protection.SECURE);
    assertThat(entry().rosterSize()).isEqualTo(10);
    assertThat(entry().receipt().record()).isEqualTo(Receipt.Record.VERIFIED);
    assertThat(entry().receipt().contributors()).isEqualTo(10);
    assertThat(entry().receipt().recordHash()).isPresent();
    assertThat(entry().text())
        .endsWith(
            "left masked, so that only the sum over all of its session is seen, with those of 9"
                + " other devices; it is in the sum that made the new model. The record of the"
                + " round says what this device saw.");
  }

  @Test
  void a_record_that_contradicts_what_the_device_saw_is_told_in_status_and_ledger() {
    script.onRecord =
        record -> record.toBuilder().setPlanHash(ByteString.copyFrom(new byte[32])).build();
    Participation participation = participate();

    assertThat(participation.hasContributed()).isTrue();
    assertThat(participation.message())
        .startsWith(
            "This device's update is one of 10 in the new model of round news#1, but the"
                + " coordinator's record of the round contradicts what this device saw: it names"
                + " another plan; distrust the coordinator and keep record ");
    assertThat(client().status().state()).isEqualTo(ClientStatus.State.NEEDS_ATTENTION);
    assertThat(client().status().message()).isEqualTo(participation.message());
    assertThat(entry().receipt().record()).isEqualTo(Receipt.Record.CONTRADICTED);
    assertThat(entry().text()).endsWith("distrust the coordinator.");
  }

  @Test
  void a_session_that_lies_is_told_in_words() {
    script.onState =
        state ->
            state.hasRoster()
                ? state.toBuilder().setRoster(state.getRoster().toBuilder().setThreshold(4)).build()
                : state;
    // Each other session lies too; the client's own timer waits between them.
    coordinator.onCheckIn = onceThenStale(coordinator.onCheckIn);

    assertThat(participate())
        .hasToString(
            "ROUND_LOST: This device left a session of round news#1 (POLICY_THRESHOLD): the"
                + " roster's threshold is 4, must be 7 for 10 devices.");
    assertThat(get(client().ledger()).entries()).isEmpty();
  }

  private static Function<CheckInRequest, CheckInResponse> onceThenStale(
      Function<CheckInRequest, CheckInResponse> offers) {
    AtomicInteger calls = new AtomicInteger();
    return request ->
        calls.getAndIncrement() == 0
            ? offers.apply(request)
            : CheckInResponse.newBuilder()
                .setComeBack(
                    ComeBack.newBuilder()
                        .setAfterMillis(10)
                        .setReason(ComeBackReason.COME_BACK_REASON_STALE))
                .build();
  }
}
