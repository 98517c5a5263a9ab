package io.tacit.coordinator.sessions;

import io.tacit.protocol.ClientId;
import io.tacit.protocol.masking.SessionPublicKey;
import io.tacit.protocol.session.Advertised;
import io.tacit.protocol.session.Roster;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who takes part in a secure session, by index from 1: the rank of their ids. Immutable. */
final class FrozenRoster {

  private final Roster roster;
  private final Roster.Members opened;
  private final Publication publication;
  private final List<ClientId> members;
  private final Map<ClientId, Integer> indices = new HashMap<>();

  FrozenRoster(Roster roster, Roster.Members opened) {
    this.roster = roster;
    this.opened = opened;
    this.publication = new Publication.OfRoster(roster);
    this.members = opened.advertised().stream().map(Advertised::client).toList();
    for (int index = 1; index <= members.size(); index++) {
      indices.put(members.get(index - 1), index);
    }
  }

  Roster roster() {
    return roster;
  }

  Publication publication() {
    return publication;
  }

  int size() {
    return members.size();
  }

  byte[] ctx1() {
    return opened.ctx1();
  }

  /** In the order of their index. */
  List<ClientId> members() {
    return members;
  }

  ClientId member(int index) {
    return members.get(index - 1);
  }

  boolean has(ClientId client) {
    return indices.containsKey(client);
  }

  /** The index of a client that is on the roster; 0 of another. */
  int indexOf(ClientId client) {
    return indices.getOrDefault(client, 0);
  }

  Advertised advertised(int index) {
    return opened.member(index);
  }

  /** By index; element 0 is unused. */
  SessionPublicKey[] maskKeys() {
    SessionPublicKey[] keys = new SessionPublicKey[size() + 1];
    keys[0] = advertised(1).maskKey();
    for (int index = 1; index <= size(); index++) {
      keys[index] = advertised(index).maskKey();
    }
    return keys;
  }
}
