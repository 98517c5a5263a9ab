package io.tacit.coordinator.sessions;

import io.tacit.protocol.SessionId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The sessions of rounds that are going on. Thread-safe. */
final class LiveSessions {

  private final Map<SessionId, LiveSession> byId = new ConcurrentHashMap<>();

  void add(LiveSession live) {
    byId.put(live.session().id(), live);
  }

  void remove(LiveSession live) {
    byId.remove(live.session().id(), live);
  }

  @Nullable LiveSession of(SessionId session) {
    return byId.get(session);
  }
}
