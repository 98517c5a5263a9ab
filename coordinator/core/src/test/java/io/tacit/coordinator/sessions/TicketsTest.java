package io.tacit.coordinator.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.protocol.ClientId;
import io.tacit.protocol.SessionId;
import org.junit.jupiter.api.Test;

class TicketsTest {

  private static final SessionId SESSION = SessionId.fromHex("01".repeat(16));
  private static final SessionId OTHER_SESSION = SessionId.fromHex("02".repeat(16));
  private static final ClientId CLIENT = ClientId.fromHex("01".repeat(32));
  private static final ClientId OTHER_CLIENT = ClientId.fromHex("02".repeat(32));

  private final Tickets tickets = new Tickets(key(1));

  @Test
  void a_ticket_is_valid_for_its_session_and_client_also_after_a_restart() {
    byte[] ticket = tickets.issue(SESSION, CLIENT);

    assertThat(ticket).hasSize(32);
    assertThat(tickets.isValid(SESSION, CLIENT, ticket)).isTrue();
    assertThat(new Tickets(key(1)).isValid(SESSION, CLIENT, ticket)).isTrue();
  }

  @Test
  void a_ticket_is_worth_nothing_for_another_session_client_or_key() {
    byte[] ticket = tickets.issue(SESSION, CLIENT);

    assertThat(tickets.isValid(OTHER_SESSION, CLIENT, ticket)).isFalse();
    assertThat(tickets.isValid(SESSION, OTHER_CLIENT, ticket)).isFalse();
    assertThat(new Tickets(key(2)).isValid(SESSION, CLIENT, ticket)).isFalse();
    assertThat(tickets.isValid(SESSION, CLIENT, new byte[0])).isFalse();
    assertThat(tickets.isValid(SESSION, CLIENT, new byte[32])).isFalse();
  }

  @Test
  void a_key_has_32_bytes() {
    assertThatThrownBy(() -> new Tickets(new byte[31]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("ticket key has 31 bytes, must have exactly 32");
  }

  private static byte[] key(int fill) {
    byte[] key = new byte[Tickets.LENGTH];
    java.util.Arrays.fill(key, (byte) fill);
    return key;
  }
}
