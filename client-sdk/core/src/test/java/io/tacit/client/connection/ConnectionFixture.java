package io.tacit.client.connection;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.SessionId;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** A connection to a scripted coordinator on a real socket. */
@Timeout(60)
abstract class ConnectionFixture {

  static final ClientId CLIENT = ClientId.ofIdentityKey(new byte[] {1});
  static final SessionId SESSION = SessionId.fromBytes(new byte[16]);
  static final ContentHash HASH = ContentHash.of(new byte[] {2});
  static final Ticket TICKET = Ticket.fromBytes(new byte[32]);
  static final Membership MEMBER = new Membership(SESSION, CLIENT, TICKET);
  static final Duration SOON = Duration.ofSeconds(20);
  static final Set<String> KINDS = Set.of("two-tower");

  final ScriptedCoordinator coordinator = new ScriptedCoordinator();
  final CoordinatorConnection connection = coordinator.connect();

  @AfterEach
  void close() {
    connection.close();
    coordinator.close();
  }

  static ByteString bytes(ContentHash hash) {
    return ByteString.copyFrom(hash.toBytes());
  }

  static byte[] randomBytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  static ConnectionException failureOf(ThrowingCallable call) {
    return catchThrowableOfType(ConnectionException.class, call);
  }

  static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
