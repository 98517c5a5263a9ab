package io.tacit.coordinator.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.coordinator.database.Database;
import io.tacit.coordinator.database.DuplicateRowException;
import io.tacit.coordinator.sessions.SessionStore;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.RoundId;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RoundStoreTest {

  private static final PlanId PLAN = new PlanId("a");
  private static final ContentHash HASH = ContentHash.of(new byte[] {1});
  private static final Instant NOW = Instant.parse("2026-11-24T10:15:30.123Z");

  private final Database database = Database.inMemory();
  private final RoundStore store = new RoundStore(database, new SessionStore(database));

  @AfterEach
  void close() {
    database.close();
  }

  static Stream<RoundState> states() {
    return Stream.of(
        new RoundState.Open(),
        new RoundState.Collecting(3),
        new RoundState.Completed(4, 3, HASH, 0.25),
        new RoundState.Completed(4, 3, HASH, 0.25, ContentHash.of(new byte[] {2})),
        new RoundState.Abandoned(2, "nobody came"));
  }

  @ParameterizedTest
  @MethodSource("states")
  void gives_back_what_a_transition_wrote(RoundState state) {
    Round opened = open(1);
    Round next = opened.moveTo(state, 7, 4_000_000_000L, NOW.plusSeconds(5));

    store.move(next);

    assertThat(store.find(opened.id())).contains(next);
    assertThat(store.list(PLAN, 0, 10)).containsExactly(next);
    assertThat(store.unfinished().isEmpty()).isEqualTo(state.isOver());
    assertThat(store.unfinished(PLAN).isEmpty()).isEqualTo(state.isOver());
  }

  @Test
  void a_transition_loses_if_the_row_has_moved_on() {
    Round opened = open(1);
    Round first = opened.moveTo(new RoundState.Collecting(3), 3, 0, null);
    Round second = opened.moveTo(new RoundState.Abandoned(0, "other"), 3, 0, NOW);
    store.move(first);

    assertThatThrownBy(() -> store.move(second))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "round "
                + opened.id()
                + " is no longer at revision 0; another coordinator works on the same database");
    assertThat(store.find(opened.id())).contains(first);
  }

  @Test
  void a_number_is_used_once() {
    Round opened = open(1);

    assertThatThrownBy(() -> open(1)).isInstanceOf(DuplicateRowException.class);
    assertThat(store.list(PLAN, 0, 10)).containsExactly(opened);
    assertThat(store.lastNumber(PLAN)).isEqualTo(1);
    assertThat(store.lastNumber(new PlanId("b"))).isZero();
  }

  @Test
  void lists_rounds_in_order_and_in_pages() {
    open(3);
    open(1);
    open(2);

    assertThat(store.list(PLAN, 0, 2))
        .extracting(round -> round.id().number())
        .containsExactly(1L, 2L);
    assertThat(store.list(PLAN, 2, 2)).extracting(round -> round.id().number()).containsExactly(3L);
    assertThat(store.list(new PlanId("b"), 0, 2)).isEmpty();
  }

  @Test
  void a_reason_of_any_length_ends_a_round() {
    Round opened = open(1);

    store.move(opened.moveTo(new RoundState.Abandoned(0, "x".repeat(5_000)), 0, 0, NOW));

    assertThat(store.find(opened.id()).orElseThrow().state())
        .isEqualTo(new RoundState.Abandoned(0, "x".repeat(2_000)));
  }

  private Round open(int number) {
    Round round =
        new Round(
            new RoundId(PLAN, number), 2, HASH, 5, HASH, new RoundState.Open(), 0, 0, 0, NOW, null);
    store.insert(round, List.of());
    return round;
  }
}
