package io.tacit.coordinator.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.coordinator.database.Database;
import io.tacit.coordinator.models.ArtifactStore;
import io.tacit.coordinator.models.ModelRegistry;
import io.tacit.coordinator.models.ModelVersion;
import io.tacit.coordinator.plans.PlanFile;
import io.tacit.coordinator.plans.PlanRegistry;
import io.tacit.coordinator.plans.TestPlans;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.crypto.TaskKeyPair;
import io.tacit.protocol.plan.Release;
import io.tacit.protocol.plan.ReleaseShare;
import io.tacit.testing.SettableClock;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ReleaseRegistryTest {

  private static final PlanId SMALL = new PlanId("small");
  private static final TaskKeyPair OWNER = TaskKeyPair.generate(new SecureRandom());

  @TempDir Path directory;

  private final SettableClock clock = SettableClock.create();
  private final Database database = Database.inMemory();
  private ReleaseRegistry releases;

  /** With three versions of the model of a plan. */
  @BeforeEach
  void open() {
    ArtifactStore artifacts = new ArtifactStore(directory);
    ModelRegistry models = new ModelRegistry(database, artifacts, clock);
    new PlanRegistry(database, artifacts, models, clock)
        .apply(PlanFile.parse(TestPlans.TABULAR, TestPlans.NO_CATALOGUES));
    for (int version = 1; version <= 3; version++) {
      ModelVersion model =
          new ModelVersion(
              SMALL,
              version,
              version,
              file(version),
              version - 1,
              null,
              2,
              3,
              0.5,
              clock.instant());
      database.doInTransaction(transaction -> models.append(transaction, model));
    }
    releases = new ReleaseRegistry(database, models, clock);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static ContentHash file(int version) {
    return ContentHash.of(new byte[] {(byte) version});
  }

  private static Release release(int number, int version) {
    return Release.sign(SMALL, number, version, file(version), OWNER);
  }

  private ReleasedModel released(int number, int version) {
    return new ReleasedModel(release(number, version), clock.instant());
  }

  private static Release partial(int number, int version, double share) {
    return Release.sign(
        SMALL,
        number,
        version,
        file(version),
        new ReleaseShare((int) Math.round(share * ReleaseShare.PARTS)),
        OWNER);
  }

  private void take(Release release) {
    assertThat(releases.release(release)).isInstanceOf(ReleaseOutcome.Released.class);
  }

  private List<Integer> numbersInForce() {
    return releases.inForce(SMALL).stream().map(model -> model.release().number()).toList();
  }

  private int numberForAll() {
    return releases.forAll(SMALL).orElseThrow().release().number();
  }

  @Test
  void a_release_for_a_share_leaves_the_one_for_all_in_force_for_the_others() {
    take(release(1, 1));

    take(partial(2, 2, 0.1));

    assertThat(numbersInForce()).containsExactly(2, 1);
    assertThat(numberForAll()).isEqualTo(1);
  }

  @Test
  void nobody_follows_a_release_whose_devices_are_all_in_the_share_of_a_later_one() {
    take(release(1, 1));
    take(partial(2, 2, 0.1));
    take(partial(3, 2, 0.5));
    assertThat(numbersInForce()).containsExactly(3, 1);

    take(partial(4, 3, 0.2));
    assertThat(numbersInForce()).as("0.2 to 0.5 stay").containsExactly(4, 3, 1);

    take(partial(5, 3, 0.5));
    assertThat(numbersInForce()).containsExactly(5, 1);
  }

  @Test
  void a_release_for_all_ends_those_for_a_share_also_where_it_takes_them_back() {
    take(release(1, 1));
    take(partial(2, 2, 0.5));

    take(release(3, 1));
    assertThat(numbersInForce()).containsExactly(3);
    assertThat(numberForAll()).isEqualTo(3);

    take(partial(4, 3, 0.5));
    take(release(5, 3));
    assertThat(numbersInForce()).containsExactly(5);
  }

  @Test
  void the_first_release_is_for_all_whatever_its_number() {
    assertThat(releases.release(partial(1, 1, 0.5))).isEqualTo(new ReleaseOutcome.NothingForAll());
    assertThat(releases.release(partial(8, 1, 0.5))).isEqualTo(new ReleaseOutcome.NothingForAll());
    assertThat(releases.list(SMALL, Integer.MAX_VALUE, 10)).isEmpty();
    assertThat(releases.forAll(SMALL)).isEmpty();

    take(release(8, 1));
    take(partial(9, 2, 0.5));
  }

  @Test
  void a_release_for_a_share_replaces_the_newest_and_no_other() {
    take(release(1, 1));
    take(partial(2, 2, 0.1));

    assertThat(releases.release(partial(2, 2, 0.5))).isEqualTo(new ReleaseOutcome.NotTheNext(2));
    assertThat(releases.release(release(2, 3))).isEqualTo(new ReleaseOutcome.NotTheNext(2));
    assertThat(releases.release(partial(2, 2, 0.1)))
        .as("sent again")
        .isInstanceOf(ReleaseOutcome.AlreadyReleased.class);
    assertThat(releases.release(release(1, 1))).isEqualTo(new ReleaseOutcome.NotTheNext(2));
    assertThat(numbersInForce()).containsExactly(2, 1);
  }

  @Test
  void a_hundred_releases_for_a_share_are_followed_by_one_for_all() {
    take(release(1, 1));
    for (int number = 2; number <= 101; number++) {
      take(partial(number, 2, number / 1_000.0));
    }

    assertThat(releases.release(partial(102, 2, 0.5)))
        .isEqualTo(new ReleaseOutcome.TooManyShares(100));
    assertThat(numbersInForce()).containsExactly(101, 1);

    take(release(102, 2));
    take(partial(103, 3, 0.5));
    assertThat(numbersInForce()).containsExactly(103, 102);
  }

  @Test
  void the_highest_number_is_in_force_and_a_rollback_is_one_more() {
    assertThat(releases.inForce(SMALL)).isEmpty();

    assertThat(releases.release(release(1, 3)))
        .isEqualTo(new ReleaseOutcome.Released(released(1, 3)));
    assertThat(releases.release(release(2, 1)))
        .isEqualTo(new ReleaseOutcome.Released(released(2, 1)));

    assertThat(releases.inForce(SMALL)).containsExactly(released(2, 1));
    assertThat(releases.list(SMALL, Integer.MAX_VALUE, 10))
        .containsExactly(released(2, 1), released(1, 3));
    assertThat(releases.list(SMALL, Integer.MAX_VALUE, 1)).containsExactly(released(2, 1));
    assertThat(releases.list(SMALL, 2, 10)).containsExactly(released(1, 3));
    assertThat(releases.list(new PlanId("other"), Integer.MAX_VALUE, 10)).isEmpty();
  }

  @Test
  void a_release_that_replaces_another_one_than_that_in_force_changes_nothing() {
    releases.release(release(1, 1));

    assertThat(releases.release(release(1, 2))).isEqualTo(new ReleaseOutcome.NotTheNext(1));
    assertThat(releases.release(release(3, 2))).isEqualTo(new ReleaseOutcome.NotTheNext(1));
    assertThat(releases.inForce(SMALL)).containsExactly(released(1, 1));
  }

  @Test
  void goes_on_with_the_numbers_that_devices_know_when_the_database_is_a_new_one() {
    assertThat(releases.release(release(8, 1)))
        .isEqualTo(new ReleaseOutcome.Released(released(8, 1)));

    assertThat(releases.release(release(8, 2))).isEqualTo(new ReleaseOutcome.NotTheNext(8));
    assertThat(releases.release(release(9, 2)))
        .isEqualTo(new ReleaseOutcome.Released(released(9, 2)));
  }

  @Test
  void the_release_in_force_may_be_sent_again() {
    releases.release(release(1, 1));

    assertThat(releases.release(release(1, 1)))
        .isEqualTo(new ReleaseOutcome.AlreadyReleased(released(1, 1)));
  }

  @Test
  void releases_only_versions_that_are_there_and_their_own_files() {
    assertThat(releases.release(release(1, 4))).isEqualTo(new ReleaseOutcome.UnknownVersion());
    assertThat(releases.release(Release.sign(new PlanId("other"), 1, 1, file(1), OWNER)))
        .isEqualTo(new ReleaseOutcome.UnknownVersion());
    assertThat(releases.release(Release.sign(SMALL, 1, 2, file(3), OWNER)))
        .isInstanceOfSatisfying(
            ReleaseOutcome.OtherModel.class,
            other -> assertThat(other.model().hash()).isEqualTo(file(2)));
    assertThat(releases.inForce(SMALL)).isEmpty();
  }

  @Test
  void of_several_releases_at_the_same_time_one_takes_the_place() throws Exception {
    int owners = 4;
    CyclicBarrier start = new CyclicBarrier(owners);
    ExecutorService threads = Executors.newFixedThreadPool(owners);
    List<Future<ReleaseOutcome>> outcomes = new ArrayList<>();
    for (int owner = 0; owner < owners; owner++) {
      TaskKeyPair key = TaskKeyPair.generate(new SecureRandom());
      outcomes.add(
          threads.submit(
              () -> {
                start.await();
                return releases.release(Release.sign(SMALL, 1, 1, file(1), key));
              }));
    }
    int taken = 0;
    for (Future<ReleaseOutcome> outcome : outcomes) {
      if (outcome.get() instanceof ReleaseOutcome.Released) {
        taken++;
      } else {
        assertThat(outcome.get()).isEqualTo(new ReleaseOutcome.NotTheNext(1));
      }
    }
    threads.shutdown();

    assertThat(taken).isEqualTo(1);
    assertThat(releases.list(SMALL, Integer.MAX_VALUE, 10)).hasSize(1);
  }
}
