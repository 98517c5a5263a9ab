package io.tacit.coordinator.aggregation;

import io.tacit.protocol.ClientId;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.Stage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Keys, payloads and short ways to use a log, for tests. */
final class SampleRecords {

  private SampleRecords() {}

  static ClientId client(int number) {
    byte[] bytes = new byte[ClientId.LENGTH];
    ByteBuffer.wrap(bytes).putInt(number);
    return ClientId.fromBytes(bytes);
  }

  static RecordKey input(int client) {
    return new RecordKey(client(client), Stage.INPUT);
  }

  static SessionId session(int number) {
    byte[] bytes = new byte[SessionId.LENGTH];
    ByteBuffer.wrap(bytes).putInt(number);
    return SessionId.fromBytes(bytes);
  }

  static byte[] payload(long seed, int bytes) {
    byte[] payload = new byte[bytes];
    new Random(seed).nextBytes(payload);
    return payload;
  }

  /** Waits for an answer, at most a minute. */
  static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(1, TimeUnit.MINUTES);
  }

  static Acceptance append(SessionLog log, RecordKey key, byte[] payload) throws Exception {
    return get(log.append(key, ByteBuffer.wrap(payload)));
  }

  static PartialUpload ready(CompletionStage<UploadStart> start) throws Exception {
    return ((UploadStart.Ready) get(start)).upload();
  }

  /** All payloads in log order. */
  static Map<RecordKey, byte[]> contents(SessionLog log) {
    Map<RecordKey, byte[]> contents = new LinkedHashMap<>();
    log.read(0, new Collector(contents));
    return contents;
  }

  /** Puts payloads together again, and checks the promises about tiles. */
  record Collector(Map<RecordKey, byte[]> contents, ByteBuffer[] current) implements RecordReader {

    Collector(Map<RecordKey, byte[]> contents) {
      this(contents, new ByteBuffer[1]);
    }

    @Override
    public boolean begin(LogRecord record) {
      byte[] payload = new byte[(int) record.payloadBytes()];
      if (contents.put(record.key(), payload) != null) {
        throw new AssertionError("record twice: " + record);
      }
      current[0] = ByteBuffer.wrap(payload);
      return true;
    }

    @Override
    public void tile(long position, ByteBuffer tile) {
      boolean last = position + tile.remaining() == current[0].capacity();
      if (position != current[0].position()
          || position % SessionLog.TILE_BYTES != 0
          || (!last && tile.remaining() != SessionLog.TILE_BYTES)) {
        throw new AssertionError("tile of " + tile.remaining() + " at " + position);
      }
      current[0].put(tile);
    }
  }

  static Map<RecordKey, byte[]> mapOf(Object... keysAndPayloads) {
    Map<RecordKey, byte[]> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndPayloads.length; i += 2) {
      map.put((RecordKey) keysAndPayloads[i], (byte[]) keysAndPayloads[i + 1]);
    }
    return map;
  }

  static byte[] slice(byte[] bytes, int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }
}
