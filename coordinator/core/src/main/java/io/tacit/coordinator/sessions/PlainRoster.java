package io.tacit.coordinator.sessions;

import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;

/** Mode PLAIN: the clients of a session whose advertisement is durable. */
record PlainRoster(List<ClientId> clients) {

  PlainRoster {
    clients = List.copyOf(clients);
  }

  int size() {
    return clients.size();
  }

  /** SHA-256 over the ids in ascending order. */
  ContentHash hash() {
    ByteArrayOutputStream ids = new ByteArrayOutputStream(size() * ClientId.LENGTH);
    clients.stream()
        .map(ClientId::toBytes)
        .sorted(Arrays::compareUnsigned)
        .forEach(ids::writeBytes);
    return ContentHash.of(ids.toByteArray());
  }
}
