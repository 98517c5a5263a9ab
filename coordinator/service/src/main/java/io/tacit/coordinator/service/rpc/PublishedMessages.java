package io.tacit.coordinator.service.rpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import io.tacit.coordinator.sessions.Publication;
import io.tacit.protocol.session.Roster;
import io.tacit.protocol.v1.Inbox;
import io.tacit.protocol.v1.SessionState;
import io.tacit.protocol.v1.SignatureSet;
import io.tacit.protocol.v1.Survivors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Publications as wire messages. A roster is the same for all of a session and may have 700 KB: its
 * message is made once, and all answers share the bytes. Thread-safe.
 */
final class PublishedMessages {

  /** By identity, which is what rosters are equal by; each goes with its session. */
  private static final Map<Roster, io.tacit.protocol.v1.Roster> ROSTERS =
      Collections.synchronizedMap(new WeakHashMap<>());

  private PublishedMessages() {}

  static void put(Publication publication, SessionState.Builder message) {
    if (publication instanceof Publication.OfRoster published) {
      message.setRoster(roster(published.roster()));
    } else if (publication instanceof Publication.OfInbox published) {
      message.setInbox(parse(Inbox.parser(), published.inbox().toBytes()));
    } else if (publication instanceof Publication.OfSurvivors published) {
      message.setSurvivors(parse(Survivors.parser(), published.survivors().toBytes()));
    } else if (publication instanceof Publication.OfSignatures published) {
      message.setSignatures(parse(SignatureSet.parser(), published.signatures().toBytes()));
    }
  }

  private static io.tacit.protocol.v1.Roster roster(Roster roster) {
    return ROSTERS.computeIfAbsent(
        roster, key -> parse(io.tacit.protocol.v1.Roster.parser(), key.toBytes()));
  }

  /** The message of bytes that nobody else has: its fields are views of them. */
  private static <T> T parse(Parser<T> parser, byte[] bytes) {
    try {
      CodedInputStream input = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
      input.enableAliasing(true);
      T message = parser.parseFrom(input, ExtensionRegistryLite.getEmptyRegistry());
      input.checkLastTagWas(0);
      return message;
    } catch (IOException e) {
      throw new UncheckedIOException("what the coordinator publishes is no message", e);
    }
  }
}
