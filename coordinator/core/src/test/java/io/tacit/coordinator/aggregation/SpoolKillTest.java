package io.tacit.coordinator.aggregation;

import static io.tacit.coordinator.aggregation.SampleRecords.contents;
import static io.tacit.coordinator.aggregation.SampleRecords.get;
import static io.tacit.coordinator.aggregation.SampleRecords.input;
import static io.tacit.coordinator.aggregation.SampleRecords.payload;
import static io.tacit.coordinator.aggregation.SampleRecords.session;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.protocol.ContentHash;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kills a real process in the middle of appending (SIGKILL) and looks at what it left. */
class SpoolKillTest {

  private static final int RECORDS = 20_000;

  @TempDir Path directory;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void every_acknowledged_record_survives_a_kill(long seed) throws Exception {
    int killAfter = 1 + new Random(seed).nextInt(3_000);
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Appender.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<Integer> acknowledged = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        acknowledged.add(Integer.valueOf(line));
        if (acknowledged.size() == killAfter) {
          child.destroyForcibly();
        }
      }
    } catch (java.io.IOException | NumberFormatException e) {
      // The pipe broke, or its last line is torn, with the child.
    }
    child.waitFor();
    assertThat(acknowledged).hasSizeBetween(killAfter, RECORDS - 1);

    try (SpoolUpdateLog log = Appender.open(directory)) {
      SessionLog records = log.open(session(1));
      Map<RecordKey, byte[]> contents = contents(records);
      for (int i : acknowledged) {
        assertThat(contents.get(input(i))).isEqualTo(Appender.payloadOf(i));
      }
      for (Map.Entry<RecordKey, byte[]> entry : contents.entrySet()) {
        int i = ByteBuffer.wrap(entry.getKey().client().toBytes()).getInt();
        assertThat(entry.getValue()).isEqualTo(Appender.payloadOf(i));
      }
    }
  }

  /** The child: appends, every eighth record in chunks, and prints what is acknowledged. */
  static final class Appender {

    private Appender() {}

    static SpoolUpdateLog open(Path directory) {
      return new SpoolUpdateLog(directory, SpoolLimits.generous(1_000_000), Clock.systemUTC());
    }

    static byte[] payloadOf(int client) {
      return payload(client, 100 + client % 13 * 1_000);
    }

    public static void main(String[] arguments) throws Exception {
      SpoolUpdateLog log = open(Path.of(arguments[0]));
      SessionLog records = log.open(session(1));
      Semaphore inFlight = new Semaphore(64);
      for (int i = 0; i < RECORDS; i++) {
        int client = i;
        byte[] payload = payloadOf(i);
        inFlight.acquire();
        var answer =
            i % 8 == 0
                ? upload(records, input(i), payload)
                : records.append(input(i), ByteBuffer.wrap(payload));
        answer.whenComplete(
            (acceptance, failure) -> {
              inFlight.release();
              if (acceptance instanceof Acceptance.Accepted) {
                synchronized (System.out) {
                  System.out.println(client);
                }
              }
            });
      }
      inFlight.acquire(64);
    }

    private static java.util.concurrent.CompletionStage<Acceptance> upload(
        SessionLog records, RecordKey key, byte[] payload) throws Exception {
      PartialUpload upload =
          SampleRecords.ready(records.resume(key, payload.length, ContentHash.of(payload)));
      get(upload.write(0, ByteBuffer.wrap(payload, 0, payload.length / 2)));
      int half = payload.length / 2;
      get(upload.write(half, ByteBuffer.wrap(payload, half, payload.length - half)));
      return upload.finish();
    }
  }
}
