package io.tacit.cli.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacit.cli.console.Output;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.crypto.IdentityCertificate;
import io.tacit.protocol.crypto.IdentityKey;
import io.tacit.protocol.crypto.IdentityKeyCache;
import io.tacit.protocol.crypto.Transcript;
import io.tacit.protocol.plan.PlanArtifact;
import io.tacit.protocol.session.Advertised;
import io.tacit.protocol.session.Roster;
import io.tacit.protocol.session.RoundRecord;
import io.tacit.protocol.session.SessionRecord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tacit verify-round}: checks records of rounds, without any coordinator. */
@Command(
    name = "verify-round",
    description = {
      "Check records of rounds (tacit round record), without asking any coordinator: that devices"
          + " signed for this plan, model and round, that enough survivors signed for whose updates"
          + " are in the sum, and that each record names the one before it.",
      "",
      "A record is tamper-evident. It is no proof that the sum was added right. Exits with 1 if one"
          + " does not hold."
    })
public final class VerifyRoundCommand implements Callable<Integer> {

  private static final int IDENTITY_KEYS_MAX = 20_000;
  private static final int DOES_NOT_HOLD = 1;

  @Mixin private final Output output = new Output();

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Records of one plan, the oldest first.")
  private List<Path> files;

  @Option(
      names = "--root",
      paramLabel = "PEM",
      description =
          "Certificate of the authority that must have certified every device (tacit ca show).")
  private @Nullable Path root;

  @Option(
      names = "--plan",
      paramLabel = "PLAN.BIN",
      description = {
        "A plan that the rounds followed (plan.bin of tacit model bundle); once for each version.",
        "Then a sum of fewer devices than aggregation.shards.survivors-percent asks for does not"
            + " hold, and neither does a record that names another plan."
      })
  private List<Path> planFiles = List.of();

  private final IdentityKeyCache keys = new IdentityKeyCache(IDENTITY_KEYS_MAX);

  private VerifyRoundCommand() {}

  @Override
  public Integer call() throws IOException {
    Optional<IdentityKey> authority = authority();
    Map<ContentHash, PlanArtifact> plans = plans();
    ArrayNode findings = JsonNodeFactory.instance.arrayNode();
    List<String> lines = new ArrayList<>();
    boolean holds = true;
    RoundRecord before = null;
    for (Path file : files) {
      RoundRecord record = read(file);
      Optional<String> flaw = flaw(record, before, plans, authority);
      holds &= flaw.isEmpty();
      findings.add(finding(file, record, flaw));
      lines.add(line(file, record, flaw));
      before = record;
    }
    output.print(findings, String.join(System.lineSeparator(), lines));
    return holds ? 0 : DOES_NOT_HOLD;
  }

  private Optional<IdentityKey> authority() throws IOException {
    if (root == null) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(root)) {
      byte[] der = CertificateFactory.getInstance("X.509").generateCertificate(in).getEncoded();
      return Optional.of(IdentityKey.ofCertificate(der));
    } catch (CertificateException e) {
      throw new IOException(root + " holds no certificate; tacit ca show prints one", e);
    }
  }

  /** By their hash; empty if none were given. */
  private Map<ContentHash, PlanArtifact> plans() throws IOException {
    Map<ContentHash, PlanArtifact> plans = new HashMap<>();
    for (Path file : planFiles) {
      try {
        PlanArtifact plan = PlanArtifact.fromBytes(Files.readAllBytes(file));
        plans.put(plan.hash(), plan);
      } catch (IllegalArgumentException e) {
        throw new IOException(
            file + " is no plan: " + e.getMessage() + "; tacit model bundle writes plan.bin", e);
      }
    }
    return plans;
  }

  private static RoundRecord read(Path file) throws IOException {
    long size = Files.size(file);
    if (size > WireLimits.ROUND_RECORD_BYTES_MAX) {
      throw new IOException(
          file
              + " has "
              + size
              + " bytes, a record has at most "
              + WireLimits.ROUND_RECORD_BYTES_MAX);
    }
    try {
      return RoundRecord.fromBytes(Files.readAllBytes(file));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " is no record of a round: " + e.getMessage(), e);
    }
  }

  private Optional<String> flaw(
      RoundRecord record,
      @Nullable RoundRecord before,
      Map<ContentHash, PlanArtifact> plans,
      Optional<IdentityKey> authority) {
    if (before != null && !record.previous().equals(Optional.of(before.hash()))) {
      return Optional.of(
          "it names "
              + record.previous().map(ContentHash::toHex).orElse("nothing")
              + " as the record before it, which is "
              + before.hash().toHex());
    }
    PlanArtifact plan = plans.get(record.planHash());
    if (plan == null && !plans.isEmpty()) {
      return Optional.of(
          "it names plan " + record.planHash().toHex() + ", which is none of those of --plan");
    }
    Optional<String> flaw =
        plan == null
            ? record.flaw(keys)
            : record.flaw(keys, plan.plan().aggregation().shards().survivors());
    if (flaw.isPresent() || authority.isEmpty()) {
      return flaw;
    }
    return record.sessions().stream()
        .map(session -> certificateFlaw(record, session, authority.get()))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private Optional<String> certificateFlaw(
      RoundRecord record, SessionRecord session, IdentityKey authority) {
    byte[] context =
        Transcript.sessionContext(
            session.suite().number(),
            session.session(),
            record.planHash(),
            record.baseModel(),
            record.round().number());
    Roster.Members members = (Roster.Members) session.roster().open(session.suite(), context, keys);
    for (int i = 1; i <= session.roster().size(); i++) {
      Advertised advertised = members.member(i);
      boolean certified =
          advertised
              .certificate()
              .flatMap(der -> IdentityCertificate.read(der, advertised.identityKey()))
              .filter(certificate -> certificate.isSignedBy(authority))
              .isPresent();
      if (!certified) {
        return Optional.of(
            "session "
                + session.session()
                + ": entry "
                + i
                + " of the roster has no certificate of this authority");
      }
    }
    return Optional.empty();
  }

  private static ObjectNode finding(Path file, RoundRecord record, Optional<String> flaw) {
    ObjectNode finding = JsonNodeFactory.instance.objectNode();
    finding.put("file", file.toString());
    finding.put("holds", flaw.isEmpty());
    flaw.ifPresent(text -> finding.put("flaw", text));
    finding.put("plan", record.round().plan().value());
    finding.put("round", record.round().number());
    finding.put("record", record.hash().toHex());
    record.previous().ifPresent(hash -> finding.put("previous", hash.toHex()));
    finding.put("planHash", record.planHash().toHex());
    finding.put("baseModel", record.baseModel().toHex());
    finding.put("newModel", record.newModel().toHex());
    ArrayNode sessions = finding.putArray("sessions");
    for (SessionRecord session : record.sessions()) {
      ObjectNode node = sessions.addObject();
      node.put("session", session.session().toString());
      node.put("suite", session.suite().number());
      node.put("roster", session.roster().size());
      node.put("threshold", session.roster().threshold());
      node.put("shared", session.survivors().u2().size());
      node.put("contributors", session.survivors().u3().size());
      node.put("signatures", session.signatures().signatures().size());
      node.put("sumDigest", session.sumDigest().toHex());
    }
    return finding;
  }

  private static String line(Path file, RoundRecord record, Optional<String> flaw) {
    int contributors =
        record.sessions().stream().mapToInt(session -> session.survivors().u3().size()).sum();
    return "%s: round %d of plan %s, %d shards, %d devices in the sums, record %s: %s"
        .formatted(
            file,
            record.round().number(),
            record.round().plan(),
            record.sessions().size(),
            contributors,
            record.hash().toHex(),
            flaw.map(text -> "DOES NOT HOLD: " + text).orElse("holds"));
  }
}
