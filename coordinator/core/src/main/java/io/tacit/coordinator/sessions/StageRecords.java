package io.tacit.coordinator.sessions;

import io.tacit.coordinator.aggregation.LogRecord;
import io.tacit.coordinator.aggregation.RecordReader;
import io.tacit.coordinator.aggregation.SessionLog;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.Stage;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** Reads the records of one stage from a log. */
final class StageRecords {

  private StageRecords() {}

  /** Signed messages of a stage as they are stored, by client. */
  static Map<ClientId, byte[]> read(SessionLog log, Stage stage) {
    Map<ClientId, byte[]> records = new HashMap<>();
    log.read(
        0,
        new RecordReader() {
          private byte[] payload = new byte[0];

          @Override
          public boolean begin(LogRecord record) {
            if (record.key().stage() != stage) {
              return false;
            }
            payload = new byte[(int) record.payloadBytes()];
            records.put(record.key().client(), payload);
            return true;
          }

          @Override
          public void tile(long position, ByteBuffer tile) {
            tile.duplicate().get(payload, (int) position, tile.remaining());
          }
        });
    return records;
  }

  /** Whose record of a stage is there, and its size, in log order. */
  static Map<ClientId, Long> sizes(SessionLog log, Stage stage) {
    Map<ClientId, Long> sizes = new LinkedHashMap<>();
    forEach(
        log,
        (record, payloadBytes) -> {
          if (record.key().stage() == stage) {
            sizes.put(record.key().client(), payloadBytes);
          }
        });
    return sizes;
  }

  /** Names all records, without their payloads. */
  static void forEach(SessionLog log, BiConsumer<LogRecord, Long> action) {
    log.read(
        0,
        new RecordReader() {
          @Override
          public boolean begin(LogRecord record) {
            action.accept(record, record.payloadBytes());
            return false;
          }

          @Override
          public void tile(long position, ByteBuffer tile) {
            throw new IllegalStateException("no payload was asked for");
          }
        });
  }
}
