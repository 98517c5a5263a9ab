package io.tacit.coordinator.aggregation;

import static io.tacit.coordinator.aggregation.SampleRecords.append;
import static io.tacit.coordinator.aggregation.SampleRecords.client;
import static io.tacit.coordinator.aggregation.SampleRecords.contents;
import static io.tacit.coordinator.aggregation.SampleRecords.input;
import static io.tacit.coordinator.aggregation.SampleRecords.payload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.protocol.Stage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InMemoryUpdateLogTest extends UpdateLogContractTest {

  @Override
  UpdateLog create() {
    return new InMemoryUpdateLog(PAYLOAD_BYTES_MAX, clock);
  }

  @Test
  void forgets_updates_that_a_checkpoint_covers_and_nothing_else() throws Exception {
    RecordKey advertisement = new RecordKey(client(1), Stage.ADVERTISE);
    append(records, advertisement, payload(9, 50));
    long afterFirst = records.read(0, new SampleRecords.Collector(new LinkedHashMap<>()));
    append(records, input(1), payload(1, 500));
    long afterSecond = records.read(afterFirst, new SampleRecords.Collector(new LinkedHashMap<>()));
    append(records, input(2), payload(2, 500));

    records.checkpoint(new Checkpoint(new int[125], Set.of(client(1)), afterSecond));

    Map<RecordKey, byte[]> rest = new LinkedHashMap<>();
    records.read(afterSecond, new SampleRecords.Collector(rest));
    assertThat(rest.get(input(2))).isEqualTo(payload(2, 500));
    assertThatThrownBy(() -> contents(records))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "the payload at offset 1 was forgotten with a checkpoint; begin at the latest"
                + " checkpoint");
  }
}
