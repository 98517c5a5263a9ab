package io.tacit.client.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.client.connection.ConnectionException;
import io.tacit.protocol.ContentHash;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ArtifactCacheTest {

  private static final ContentHash A = ContentHash.of(new byte[] {1});
  private static final ContentHash B = ContentHash.of(new byte[] {2});
  private static final ContentHash C = ContentHash.of(new byte[] {3});

  private final ArtifactCache cache = new ArtifactCache(10);
  private final AtomicInteger loads = new AtomicInteger();

  private String get(ContentHash hash, int bytes) throws ConnectionException, IOException {
    return cache
        .get(
            hash,
            String.class,
            () -> {
              loads.incrementAndGet();
              return Optional.of(new ArtifactCache.Loaded<>("artifact " + hash, bytes));
            })
        .orElseThrow();
  }

  @Test
  void loads_each_artifact_once() throws ConnectionException, IOException {
    assertThat(get(A, 4)).isEqualTo("artifact " + A);
    assertThat(get(A, 4)).isEqualTo("artifact " + A);
    assertThat(loads).hasValue(1);
  }

  @Test
  void the_least_recently_used_goes_first() throws ConnectionException, IOException {
    get(A, 5);
    get(B, 5);
    get(A, 5);
    get(C, 5);
    assertThat(loads).hasValue(3);
    get(A, 5);
    assertThat(loads).hasValue(3);
    get(B, 5);
    assertThat(loads).hasValue(4);
  }

  @Test
  void passes_through_what_is_larger_than_itself() throws ConnectionException, IOException {
    get(A, 5);
    get(B, 11);
    get(B, 11);
    get(A, 5);
    assertThat(loads).hasValue(3);
  }

  @Test
  void keeps_nothing_of_a_failure_or_of_what_is_not_there()
      throws ConnectionException, IOException {
    assertThatThrownBy(
            () ->
                cache.get(
                    A,
                    String.class,
                    () -> {
                      throw new ConnectionException(ConnectionException.Reason.UNAVAILABLE, "away");
                    }))
        .hasMessage("away");
    assertThat(cache.get(A, String.class, Optional::empty)).isEmpty();
    assertThat(get(A, 5)).isEqualTo("artifact " + A);
  }

  @Test
  void an_artifact_of_another_type_is_not_taken_for_it() throws ConnectionException, IOException {
    get(A, 5);
    assertThat(cache.get(A, Integer.class, () -> Optional.of(new ArtifactCache.Loaded<>(7, 1))))
        .contains(7);
  }

  @Test
  void of_several_threads_that_miss_an_artifact_one_fetches_it() throws Exception {
    CountDownLatch inLoader = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  cache.get(
                      A,
                      String.class,
                      () -> {
                        loads.incrementAndGet();
                        inLoader.countDown();
                        awaitUninterrupted(release);
                        return Optional.of(new ArtifactCache.Loaded<>("x", 1));
                      });
                } catch (ConnectionException | IOException e) {
                  throw new AssertionError(e);
                }
              });
      thread.start();
      threads.add(thread);
    }
    inLoader.await();
    release.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(loads).hasValue(1);
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void needs_room() {
    assertThatThrownBy(() -> new ArtifactCache(0))
        .hasMessage("artifact cache has 0 bytes, must have at least 1; 256 MiB are usual");
  }
}
