package io.tacit.enrolment;

import static io.tacit.enrolment.RefusalReason.ACCOUNT_LIMIT;
import static io.tacit.enrolment.RefusalReason.ADDRESS_LIMIT;
import static io.tacit.enrolment.RefusalReason.ATTESTATION;
import static io.tacit.enrolment.RefusalReason.AUTHORITY_EXPIRED;
import static io.tacit.enrolment.RefusalReason.CERTIFICATE_REVOKED;
import static io.tacit.enrolment.RefusalReason.CERTIFICATE_UNKNOWN;
import static io.tacit.enrolment.RefusalReason.KEY_REVOKED;
import static io.tacit.enrolment.RefusalReason.POPULATION_UNKNOWN;
import static io.tacit.enrolment.RefusalReason.RENEWAL_EARLY;
import static io.tacit.enrolment.RefusalReason.RENEWAL_SIGNATURE;
import static io.tacit.enrolment.RefusalReason.RENEWAL_USED;
import static io.tacit.enrolment.RefusalReason.TOKEN_USED;

import io.tacit.enrolment.CertificateRegister.Entry;
import io.tacit.protocol.ClientId;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may take part: gives certificates to devices that their app's backend vouches for,
 * and takes them back.
 *
 * <p>Guarantee: a token gives one key a certificate, over restarts and crashes; every certificate
 * that leaves is in the books before, so that it can be revoked; neither books nor certificate name
 * a user. Who asks the same again gets the same certificate. Assumes: the root key is here alone,
 * and the callers know from which address a request comes. Who runs the authority can let in as
 * many devices of his own as he likes: secure aggregation protects from the coordinator only where
 * somebody else runs this. Thread-safe; of several with one database each counts addresses alone.
 */
public final class EnrolmentAuthority {

  /** For how long a revocation list may be relied on. */
  public static final Duration LIST_LIFETIME = Duration.ofHours(24);

  /** Certificates begin before they are made, for devices whose clocks are behind. */
  static final Duration BACKDATING = Duration.ofMinutes(5);

  /** After this a list is signed anew, though no certificate was revoked. */
  static final Duration LIST_REFRESH = Duration.ofHours(1);

  /** How long what has ended is kept, for clocks that are set back. */
  private static final Duration TOKENS_KEPT = Duration.ofHours(1);

  private static final Duration CERTIFICATES_KEPT = Duration.ofDays(7);

  private final RootKey root;
  private final EnrolmentSettings settings;
  private final EnrolmentDatabase database;
  private final Attestor attestor;
  private final SecureRandom random;
  private final Clock clock;

  private final BootstrapTokens tokens;
  private final AddressCounter addresses;
  private volatile @Nullable RevocationList latest;

  /** An authority; the database stays the caller's to close. */
  public EnrolmentAuthority(
      RootKey root,
      EnrolmentSettings settings,
      EnrolmentDatabase database,
      Attestor attestor,
      SecureRandom random,
      Clock clock) {
    this.root = root;
    this.settings = settings;
    this.database = database;
    this.attestor = attestor;
    this.random = random;
    this.clock = clock;
    this.tokens = new BootstrapTokens(settings.tokenKeys(), settings.populations(), clock);
    this.addresses = new AddressCounter(settings.addressLimit(), settings.addressesMax());
  }

  /** What apps and coordinators pin. */
  public RootCertificate rootCertificate() {
    return root.certificate();
  }

  // ---- enrolling ----

  /**
   * Gives a device its first certificate, for a token of the app's backend. The same token and key
   * again, while the token lives, get the same certificate.
   *
   * @throws EnrolmentDatabaseException if the books can not be written: ask the same again later
   */
  public IssuanceOutcome enrol(EnrolmentRequest request) {
    TokenCheck tokenCheck = tokens.check(request.token());
    if (!(tokenCheck instanceof BootstrapToken token)) {
      return (Refused) tokenCheck;
    }
    RequestCheck requestCheck = CertificateRequest.check(request.request());
    if (!(requestCheck instanceof CertificateRequest proved)) {
      return (Refused) requestCheck;
    }
    Optional<AttestationLevel> attested = attest(request.evidence(), proved.key());
    if (attested.isEmpty()) {
      return notAttested();
    }
    Subject subject = new Subject(proved.key(), token.population(), attested.get());
    return issue(register -> enrol(register, token, subject, request.address()));
  }

  private IssuanceOutcome enrol(
      CertificateRegister register, BootstrapToken token, Subject subject, InetAddress address)
      throws SQLException {
    Optional<Entry> earlier = register.issuedFor(token);
    if (earlier.isPresent()) {
      return repeat(
          earlier.get(), subject.key(), TOKEN_USED, "token was used before; get a new one");
    }
    if (register.knows(subject.key().clientId())) {
      register.takeTurn();
    }
    Optional<Refused> refused = refuse(register, subject.key().clientId(), address);
    if (refused.isPresent()) {
      return refused.get();
    }
    Instant now = clock.instant();
    IssuanceLimit limit = settings.accountLimit();
    if (token.account().isPresent() && !register.tryCount(token.account().get(), limit, now)) {
      return Refused.until(
          ACCOUNT_LIMIT,
          "account had its " + limit.certificatesMax() + " certificates in " + limit.window(),
          limit.untilNext(now));
    }
    DeviceCertificate certificate = sign(subject, now);
    register.add(certificate, certificate.serial(), null);
    register.addUsed(token, certificate.serial());
    return new IssuanceOutcome.Issued(certificate, false);
  }

  // ---- renewing ----

  /**
   * Gives a device the certificate after the one that it has, in the last part of its life. If it
   * is for a new key, those of the old key are revoked. The same request again gets the same
   * certificate.
   *
   * @throws EnrolmentDatabaseException if the books can not be written: ask the same again later
   */
  public IssuanceOutcome renew(RenewalRequest request) {
    CertificateCheck origin =
        CertificateVerifier.checkOrigin(request.certificate(), root.certificate());
    if (!(origin instanceof DeviceCertificate old)) {
      return (Refused) origin;
    }
    RequestCheck requestCheck = CertificateRequest.check(request.request());
    if (!(requestCheck instanceof CertificateRequest proved)) {
      return (Refused) requestCheck;
    }
    if (!settings.populations().contains(old.population())) {
      return Refused.because(
          POPULATION_UNKNOWN,
          "certificate is for a population that this authority no longer has; it has "
              + settings.populations());
    }
    byte[] signed = RenewalRequest.signedBytes(request.certificate(), request.request());
    if (!old.key().verifies(signed, request.signature())) {
      return Refused.because(
          RENEWAL_SIGNATURE, "renewal is not signed with the key of certificate " + old.serial());
    }
    Optional<AttestationLevel> attested = attest(request.evidence(), proved.key());
    if (attested.isEmpty()) {
      return notAttested();
    }
    Subject subject = new Subject(proved.key(), old.population(), attested.get());
    return issue(register -> renew(register, old, subject, request.address()));
  }

  private IssuanceOutcome renew(
      CertificateRegister register, DeviceCertificate old, Subject subject, InetAddress address)
      throws SQLException {
    long epoch = register.takeTurn();
    Optional<Entry> renewal = register.renewalOf(old.serial());
    if (renewal.isPresent()) {
      return repeat(
          renewal.get(),
          subject.key(),
          RENEWAL_USED,
          "certificate " + old.serial() + " was renewed for another key");
    }
    Optional<Entry> known = register.find(old.serial());
    if (known.isEmpty()) {
      return Refused.because(
          CERTIFICATE_UNKNOWN,
          "certificate "
              + old.serial()
              + " is not in the books of this authority; enrol again with a new token");
    }
    if (known.get().revoked()) {
      return revoked(old);
    }
    Instant now = clock.instant();
    Optional<Refused> untimely = checkRenewalTime(old, now);
    if (untimely.isPresent()) {
      return untimely.get();
    }
    Optional<Refused> refused = refuse(register, subject.key().clientId(), address);
    if (refused.isPresent()) {
      return refused.get();
    }
    DeviceCertificate certificate = sign(subject, now);
    register.add(certificate, known.get().lineage(), old.serial());
    if (!subject.key().equals(old.key())) {
      // Else one device could take part twice, as two.
      register.supersede(old.clientId(), now);
      register.setEpoch(epoch + 1);
    }
    return new IssuanceOutcome.Issued(certificate, false);
  }

  private Optional<Refused> checkRenewalTime(DeviceCertificate old, Instant now) {
    Instant renewable = old.notAfter().minus(settings.renewalWindow());
    if (now.isBefore(renewable)) {
      return Optional.of(
          Refused.until(
              RENEWAL_EARLY,
              "certificate " + old.serial() + " can be renewed from " + renewable + " on",
              Duration.between(now, renewable)));
    }
    return CertificateVerifier.checkTime(old, now);
  }

  // ---- what both have in common ----

  /** Whom a certificate is for. */
  private record Subject(DeviceKey key, String population, AttestationLevel attestation) {}

  /** Nothing leaves that a crash could take out of the books again. */
  private IssuanceOutcome issue(EnrolmentDatabase.Work<IssuanceOutcome> work) {
    IssuanceOutcome outcome = database.inTransaction(work);
    if (outcome instanceof IssuanceOutcome.Issued) {
      // Also when repeated: the first answer may have been lost before this.
      database.makeDurable();
    }
    return outcome;
  }

  /** Answers again what was answered before, to the same key only. */
  private static IssuanceOutcome repeat(
      Entry earlier, DeviceKey key, RefusalReason reason, String message) {
    if (!earlier.certificate().key().equals(key)) {
      return Refused.because(reason, message);
    }
    return earlier.revoked()
        ? revoked(earlier.certificate())
        : new IssuanceOutcome.Issued(earlier.certificate(), true);
  }

  private static Refused revoked(DeviceCertificate certificate) {
    return Refused.because(
        CERTIFICATE_REVOKED,
        "certificate "
            + certificate.serial()
            + " was revoked or replaced; enrol again with a new key");
  }

  /** What the authority has against a new certificate for this device; empty if nothing. */
  private Optional<Refused> refuse(
      CertificateRegister register, ClientId device, InetAddress address) throws SQLException {
    if (register.hasRevoked(device)) {
      return Optional.of(
          Refused.because(KEY_REVOKED, "key was revoked or replaced before; make a new one"));
    }
    Instant now = clock.instant();
    Instant end = root.certificate().notAfter();
    if (now.plus(settings.certificateLifetime()).isAfter(end)) {
      return Optional.of(
          Refused.because(
              AUTHORITY_EXPIRED,
              "authority ends at "
                  + end
                  + ", before a certificate of "
                  + settings.certificateLifetime()
                  + " does; make a new root"));
    }
    IssuanceLimit limit = settings.addressLimit();
    if (!addresses.tryCount(address, now)) {
      return Optional.of(
          Refused.until(
              ADDRESS_LIMIT,
              "network address had its "
                  + limit.certificatesMax()
                  + " certificates in "
                  + limit.window()
                  + ", or too many addresses are counted",
              limit.untilNext(now)));
    }
    return Optional.empty();
  }

  private Optional<AttestationLevel> attest(byte[] evidence, DeviceKey key) {
    return evidence.length > EnrolmentRequest.EVIDENCE_BYTES_MAX
        ? Optional.empty()
        : attestor
            .judge(evidence, key)
            .filter(level -> level.compareTo(settings.attestationMin()) >= 0);
  }

  private Refused notAttested() {
    return Refused.because(
        ATTESTATION,
        "evidence of at most "
            + EnrolmentRequest.EVIDENCE_BYTES_MAX
            + " bytes must attest the key as "
            + settings.attestationMin()
            + " or better");
  }

  private DeviceCertificate sign(Subject subject, Instant now) {
    byte[] der =
        X509Writer.device(
            root,
            SerialNumber.random(random),
            subject.key(),
            subject.population(),
            subject.attestation(),
            now.minus(BACKDATING),
            now.plus(settings.certificateLifetime()));
    return DeviceCertificate.read(der).orElseThrow();
  }

  // ---- revoking ----

  /**
   * Takes a device's certificates back: this one, those that it was renewed by or from, and those
   * of the same key. From the next {@link #revocationList} on they are refused.
   *
   * @throws EnrolmentDatabaseException if the books can not be written
   */
  public RevocationOutcome revoke(SerialNumber serial, RevocationReason reason) {
    RevocationOutcome outcome =
        database.inTransaction(register -> revoke(register, serial, reason));
    database.makeDurable();
    return outcome;
  }

  private RevocationOutcome revoke(
      CertificateRegister register, SerialNumber serial, RevocationReason reason)
      throws SQLException {
    long epoch = register.takeTurn();
    Optional<Entry> entry = register.find(serial);
    if (entry.isEmpty()) {
      return new RevocationOutcome.UnknownCertificate(serial);
    }
    int certificates = register.revokeDevice(entry.get(), reason, clock.instant());
    if (certificates == 0) {
      return new RevocationOutcome.AlreadyRevoked(epoch);
    }
    register.setEpoch(epoch + 1);
    return new RevocationOutcome.Revoked(epoch + 1, certificates);
  }

  /**
   * The certificates that were revoked, signed: the same object until a certificate is revoked or
   * an hour is over. Costs a query of one row.
   *
   * @throws EnrolmentDatabaseException if the books can not be read
   */
  public RevocationList revocationList() {
    long epoch = database.inTransaction(CertificateRegister::epoch);
    RevocationList list = latest;
    return list != null && isCurrent(list, epoch) ? list : newRevocationList(epoch);
  }

  private boolean isCurrent(RevocationList list, long epoch) {
    return list.epoch() >= epoch && clock.instant().isBefore(list.issuedAt().plus(LIST_REFRESH));
  }

  private synchronized RevocationList newRevocationList(long epoch) {
    RevocationList list = latest;
    if (list != null && isCurrent(list, epoch)) {
      return list;
    }
    Instant now = clock.instant();
    byte[] der =
        database.inTransaction(
            register ->
                // In turn: number and entries must belong together.
                X509Writer.revocationList(
                    root,
                    register.takeTurn(),
                    register.revocations(now.minus(CERTIFICATES_KEPT)),
                    now,
                    now.plus(LIST_LIFETIME)));
    // Revocations of others are published with this list, and must not be taken back.
    database.makeDurable();
    RevocationList signed = RevocationList.read(der, root.certificate()).orElseThrow();
    latest = signed;
    return signed;
  }

  // ---- housekeeping ----

  /**
   * Deletes what is no longer needed: tokens and certificates that have ended, counts of windows
   * that are over. To be called now and then, e.g. every hour. Revoked certificates stay, so that
   * their keys get no other.
   *
   * @return rows deleted
   * @throws EnrolmentDatabaseException if the books can not be written
   */
  public int deleteExpired() {
    Instant now = clock.instant();
    return database.inTransaction(
        register ->
            register.deleteBefore(
                now.minus(TOKENS_KEPT),
                settings.accountLimit().windowStart(now),
                now.minus(CERTIFICATES_KEPT)));
  }

  @Override
  public String toString() {
    return "EnrolmentAuthority[" + root.certificate() + ", " + settings.populations() + "]";
  }
}
