package io.tacit.coordinator.sessions;

import io.tacit.coordinator.aggregation.SessionLog;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Stage;
import io.tacit.protocol.Suite;
import io.tacit.protocol.masking.MemberSet;
import io.tacit.protocol.session.IndexedSignature;
import io.tacit.protocol.session.Roster;
import io.tacit.protocol.session.SignatureSet;
import io.tacit.protocol.session.SignedAdvertisement;
import io.tacit.protocol.session.SignedKeyShares;
import io.tacit.protocol.session.SignedRevealedShares;
import io.tacit.protocol.session.SurvivorSignature;
import io.tacit.protocol.session.Survivors;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Reads from the log of a session what it publishes: only what is durable there counts, and the
 * same log gives the same bytes. Each part is read after its stage was frozen. Signatures that were
 * verified when they came in are not verified again; after a restart all are.
 */
final class SessionReader {

  private final DeviceSignatures signatures;

  SessionReader(DeviceSignatures signatures) {
    this.signatures = signatures;
  }

  // ---- each part upon the one before ----

  /** Mode PLAIN: whose advertisement is durable. */
  static PlainRoster plainRoster(SessionLog log) {
    return new PlainRoster(List.copyOf(StageRecords.sizes(log, Stage.ADVERTISE).keySet()));
  }

  /**
   * The roster of a secure session.
   *
   * @param revocationList that is published with it
   */
  Published roster(Suite suite, byte[] ctx0, SessionLog log, byte[] revocationList) {
    // By ascending id: nobody chooses an index.
    Map<ClientId, byte[]> records = new TreeMap<>(StageRecords.read(log, Stage.ADVERTISE));
    List<SignedAdvertisement> advertisements =
        records.values().stream().map(SignedAdvertisement::fromRecord).toList();
    Roster roster = Roster.of(advertisements, revocationList);
    Roster.Opened opened = roster.open(suite, ctx0, signatures.keys(), signatures);
    if (opened instanceof Roster.Members members) {
      return Published.of(new FrozenRoster(roster, members));
    }
    Roster.BadEntry bad = (Roster.BadEntry) opened;
    // Each entry was looked at before it was acknowledged.
    throw new DamagedSessionException(
        "advertisement " + bad.index() + " of its roster " + bad.flaw());
  }

  /** Who has shared. */
  Published shares(Suite suite, Published before, SessionLog log) {
    FrozenRoster roster = before.roster();
    Map<Integer, SignedKeyShares.Opened> opened = keyShares(suite, roster, log);
    return before.with(new FrozenShares(set(roster, opened.keySet()), opened));
  }

  /** What each has handed in, by index. */
  Map<Integer, SignedKeyShares.Opened> keyShares(Suite suite, FrozenRoster roster, SessionLog log) {
    Map<Integer, SignedKeyShares.Opened> opened = new HashMap<>();
    StageRecords.read(log, Stage.SHARE_KEYS)
        .forEach(
            (client, record) -> {
              int index = roster.indexOf(client);
              opened.put(
                  index,
                  intact(
                      index,
                      Stage.SHARE_KEYS,
                      SignedKeyShares.fromRecord(record)
                          .open(
                              suite,
                              roster.ctx1(),
                              roster.size(),
                              index,
                              roster.advertised(index).identityKey(),
                              signatures)));
            });
    return opened;
  }

  /** Whose updates are in the sum. */
  static Published inputs(Published before, SessionLog log) {
    FrozenRoster roster = before.roster();
    List<Integer> indices =
        StageRecords.sizes(log, Stage.INPUT).keySet().stream().map(roster::indexOf).toList();
    Survivors survivors = new Survivors(before.shares().u2(), set(roster, Set.copyOf(indices)));
    return before.with(new FrozenInputs(survivors, survivors.digest(roster.ctx1())));
  }

  /** Who has signed that. */
  static Published signatures(Published before, SessionLog log) {
    FrozenRoster roster = before.roster();
    Map<Integer, IndexedSignature> byIndex = new TreeMap<>();
    StageRecords.read(log, Stage.CONSISTENCY)
        .forEach(
            (client, record) -> {
              int index = roster.indexOf(client);
              byIndex.put(index, SurvivorSignature.fromRecord(record).indexed(index));
            });
    return before.with(
        new FrozenSignatures(new SignatureSet(new ArrayList<>(byIndex.values())), roster.size()));
  }

  /** What survivors have revealed, by index. */
  Map<Integer, MaskEvidence.Revealed> revealed(Published published, SessionLog log) {
    FrozenRoster roster = published.roster();
    FrozenInputs inputs = published.inputs();
    MemberSet u2 = published.shares().u2();
    Map<Integer, MaskEvidence.Revealed> revealed = new TreeMap<>();
    StageRecords.read(log, Stage.UNMASK)
        .forEach(
            (client, record) -> {
              int index = roster.indexOf(client);
              SignedRevealedShares.Opened shares =
                  intact(
                      index,
                      Stage.UNMASK,
                      SignedRevealedShares.fromRecord(record)
                          .open(
                              inputs.digest(),
                              u2,
                              inputs.u3(),
                              roster.advertised(index).identityKey(),
                              signatures));
              revealed.put(
                  index, new MaskEvidence.Revealed(shares::selfShareOf, shares::maskShareOf));
            });
    return revealed;
  }

  private static MemberSet set(FrozenRoster roster, Set<Integer> indices) {
    return MemberSet.of(roster.size(), indices.stream().mapToInt(index -> index).toArray());
  }

  /** Each message was looked at before it was acknowledged. */
  private static <T> T intact(int index, Stage stage, Optional<T> opened) {
    return opened.orElseThrow(
        () ->
            new DamagedSessionException(
                "the message of member "
                    + index
                    + " for stage "
                    + stage
                    + " is not one that was accepted"));
  }

  // ---- after a restart ----

  /**
   * What a session had published, read again: its stages are frozen as they were, and what the
   * database says of it must be what the log says.
   *
   * @throws DamagedSessionException if it is not
   */
  Published restore(Session session, byte[] ctx0, SessionLog log, Supplier<byte[]> revocationList) {
    SessionState state = session.state();
    if (state instanceof SessionState.Open || state instanceof SessionState.Aborted) {
      return Published.NOTHING;
    }
    // The log does not remember which stages were frozen; the database does.
    log.freeze(Stage.ADVERTISE);
    if (!session.suite().isSecure()) {
      restorePlain(state, log);
      return Published.NOTHING;
    }
    Published published = roster(session.suite(), ctx0, log, revocationList.get());
    require(rosterIs(published, state), "the roster");
    if (state instanceof SessionState.RosterFrozen) {
      return published;
    }
    log.freeze(Stage.SHARE_KEYS);
    published = shares(session.suite(), published, log);
    if (state instanceof SessionState.SharesFrozen frozen) {
      require(published.shares().u2().equals(frozen.u2()), "the shares");
      return published;
    }
    log.freeze(Stage.INPUT);
    published = inputs(published, log);
    if (state instanceof SessionState.InputsFrozen frozen) {
      require(published.inputs().u3().equals(frozen.u3()), "the updates");
      return published;
    }
    log.freeze(Stage.CONSISTENCY);
    published = signatures(published, log);
    if (state instanceof SessionState.Summed) {
      log.freeze(Stage.UNMASK);
    }
    return published;
  }

  private static void restorePlain(SessionState state, SessionLog log) {
    if (state instanceof SessionState.Collecting collecting) {
      require(plainRoster(log).hash().equals(collecting.rosterHash()), "the roster");
    } else {
      log.freeze(Stage.INPUT);
    }
  }

  private static boolean rosterIs(Published published, SessionState state) {
    ContentHash digest = ContentHash.fromDigest(published.roster().ctx1());
    if (state instanceof SessionState.RosterFrozen frozen) {
      return digest.equals(frozen.rosterHash());
    } else if (state instanceof SessionState.SharesFrozen frozen) {
      return digest.equals(frozen.rosterHash());
    } else if (state instanceof SessionState.InputsFrozen frozen) {
      return digest.equals(frozen.rosterHash());
    } else if (state instanceof SessionState.Unmasking frozen) {
      return digest.equals(frozen.rosterHash());
    }
    return published.roster().size() == state.rosterSize();
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new DamagedSessionException("it does not hold " + what + " that was frozen");
    }
  }

  /** Who has answered which stage, read back into the facts. */
  void restoreFacts(LiveSession session, Instant now) {
    SessionFacts facts = session.facts();
    StageRecords.forEach(
        session.log(),
        (record, payloadBytes) -> {
          ClientId client = record.key().client();
          switch (record.key().stage()) {
            case ADVERTISE -> facts.recordJoined(client, now);
            case INPUT -> facts.recordContributed(client, payloadBytes);
            case SHARE_KEYS, CONSISTENCY, UNMASK ->
                facts.recordAnswer(client, record.key().stage());
            case COMPLETED, ABORTED ->
                throw new IllegalStateException(
                    "a log has no records of stage " + record.key().stage());
          }
        });
    facts.restoreSeats();
    if (session.suite().isSecure() && session.isOpen()) {
      restoreKeyClaims(session);
    }
  }

  private void restoreKeyClaims(LiveSession session) {
    StageRecords.read(session.log(), Stage.ADVERTISE)
        .forEach(
            (client, record) ->
                SignedAdvertisement.fromRecord(record)
                    .open(session.suite(), session.sessionContext(), signatures.keys(), signatures)
                    .ifPresent(
                        advertised ->
                            session
                                .facts()
                                .keyClaims()
                                .claim(client, StageChecks.sessionKeys(advertised))));
  }
}
