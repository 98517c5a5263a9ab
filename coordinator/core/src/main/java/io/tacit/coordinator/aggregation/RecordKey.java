package io.tacit.coordinator.aggregation;

import io.tacit.protocol.ClientId;
import io.tacit.protocol.Stage;

/** Names a record within its session: a client sends at most one for each stage. */
public record RecordKey(ClientId client, Stage stage) {}
