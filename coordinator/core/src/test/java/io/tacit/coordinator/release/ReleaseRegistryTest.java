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

  @Test
  void the_highest_number_is_in_force_and_a_rollback_is_one_more() {
    assertThat(releases.inForce(SMALL)).isEmpty();

    assertThat(releases.release(release(1, 3)))
        .isEqualTo(new ReleaseOutcome.Released(released(1, 3)));
    assertThat(releases.release(release(2, 1)))
        .isEqualTo(new ReleaseOutcome.Released(released(2, 1)));

    assertThat(releases.inForce(SMALL)).contains(released(2, 1));
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
    assertThat(releases.inForce(SMALL)).contains(released(1, 1));
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
