package io.tacit.client;

import io.tacit.client.connection.CertificateOutcome;
import io.tacit.client.connection.CertifiedKey;
import io.tacit.client.connection.ConnectionException;
import io.tacit.client.connection.ConnectionException.Reason;
import io.tacit.client.connection.GrpcCoordinatorConnection;
import io.tacit.client.identity.DeviceIdentity;
import io.tacit.client.storage.CorruptFileException;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.crypto.IdentityCertificate;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that the device has a certificate: gets the first with a token of the app, keeps it in
 * the client's directory, and renews it in time. For the thread of rounds alone.
 */
final class Enroller {

  private static final String FILE = "certificate";
  private static final int TOKEN_SECONDS_MAX = 60;

  private final Enrolment enrolment;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  /** What was made last, and for which connection: its call token is good for some calls more. */
  private @Nullable GrpcCoordinatorConnection admitted;

  private @Nullable GrpcCoordinatorConnection origin;

  Enroller(Enrolment enrolment, Clock clock) {
    this.enrolment = enrolment;
    this.clock = clock;
  }

  /**
   * The connection as the device of this storage, which has a certificate afterwards.
   *
   * @throws ConnectionException if there is none, with the reason in words
   * @throws IOException if the storage fails
   */
  GrpcCoordinatorConnection admit(DeviceStorage storage, GrpcCoordinatorConnection connection)
      throws IOException, ConnectionException {
    GrpcCoordinatorConnection last = admitted;
    if (last != null && last.isCertificateVoid()) {
      // Of another authority than now, or expired by the coordinator's clock: a new one helps.
      storage.delete(FILE);
      admitted = null;
      last = null;
    }
    DeviceIdentity identity = DeviceIdentity.openOrCreate(storage, random);
    CertifiedKey key =
        new CertifiedKey(identity.keys(), certificate(storage, identity, connection));
    if (last == null || origin != connection || !last.isAs(key)) {
      last = connection.as(key);
      origin = connection;
      admitted = last;
    }
    return last;
  }

  private IdentityCertificate certificate(
      DeviceStorage storage, DeviceIdentity identity, GrpcCoordinatorConnection connection)
      throws IOException, ConnectionException {
    Optional<IdentityCertificate> stored = stored(storage, identity).filter(enrolment::trusts);
    long now = clock.millis();
    if (!stored.isPresent() || stored.get().isExpiredAt(now)) {
      byte[] request = identity.keys().certificateRequest();
      String token = token();
      return keep(storage, identity, atAuthority(connection, there -> there.enrol(token, request)));
    }
    return stored.get().isDueAt(now)
        ? renewed(storage, identity, stored.get(), connection)
        : stored.get();
  }

  /** The serial number of the certificate in this storage; empty if there is none. */
  static Optional<String> serial(DeviceStorage storage) throws IOException {
    return storage.contains(FILE)
        ? stored(storage, DeviceIdentity.openOrCreate(storage, new SecureRandom()))
            .map(IdentityCertificate::serial)
        : Optional.empty();
  }

  /** A damaged one is none: the next costs one token. */
  private static Optional<IdentityCertificate> stored(
      DeviceStorage storage, DeviceIdentity identity) throws IOException {
    try {
      return storage
          .read(FILE, WireLimits.CERTIFICATE_BYTES_MAX)
          .flatMap(der -> IdentityCertificate.read(der, identity.keys().publicKey()));
    } catch (CorruptFileException e) {
      return Optional.empty();
    }
  }

  /** The next one, or while there is none the one that is good still. */
  private IdentityCertificate renewed(
      DeviceStorage storage,
      DeviceIdentity identity,
      IdentityCertificate old,
      GrpcCoordinatorConnection connection)
      throws IOException, ConnectionException {
    CertifiedKey key = new CertifiedKey(identity.keys(), old);
    CertificateOutcome outcome = atAuthority(connection, there -> there.renew(key));
    return outcome instanceof CertificateOutcome.Issued ? keep(storage, identity, outcome) : old;
  }

  private interface Request {
    CertificateOutcome send(GrpcCoordinatorConnection there) throws ConnectionException;
  }

  /** Over a connection for this request alone, if the authority is apart: one in two months. */
  private CertificateOutcome atAuthority(GrpcCoordinatorConnection coordinator, Request request)
      throws ConnectionException {
    CoordinatorAddress apart = enrolment.at();
    if (apart == null) {
      return request.send(coordinator);
    }
    try (GrpcCoordinatorConnection authority = GrpcCoordinatorConnection.open(apart.connection())) {
      return request.send(authority);
    }
  }

  private IdentityCertificate keep(
      DeviceStorage storage, DeviceIdentity identity, CertificateOutcome outcome)
      throws IOException, ConnectionException {
    if (outcome instanceof CertificateOutcome.Refused) {
      CertificateOutcome.Refused refused = (CertificateOutcome.Refused) outcome;
      throw new ConnectionException(
          Reason.NOT_ADMITTED,
          "enrolment was refused, " + refused.detail(),
          refused.retryAfter(),
          null);
    }
    byte[] der = ((CertificateOutcome.Issued) outcome).certificate();
    IdentityCertificate certificate =
        IdentityCertificate.read(der, identity.keys().publicKey())
            .orElseThrow(
                () ->
                    new ConnectionException(
                        Reason.MALFORMED_ANSWER,
                        "the coordinator's answer of "
                            + der.length
                            + " bytes is no certificate for this device"));
    if (!enrolment.trusts(certificate)) {
      throw new ConnectionException(
          Reason.NOT_ADMITTED,
          "the coordinator's certificate for this device is signed by none of the "
              + enrolment.authorities().size()
              + " authorities that the app pins; it was not kept");
    }
    storage.write(FILE, der);
    return certificate;
  }

  private String token() throws ConnectionException {
    try {
      return enrolment.tokens().fetch().get(TOKEN_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectionException(
          Reason.INTERRUPTED, "interrupted while the app fetched a token", null, e);
    } catch (TimeoutException e) {
      throw new ConnectionException(
          Reason.UNAVAILABLE,
          "the app has given no enrolment token within " + TOKEN_SECONDS_MAX + " s",
          null,
          e);
    } catch (ExecutionException | CancellationException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      // Its message is the app's own, and may tell more of the person than is to be shown.
      throw new ConnectionException(
          Reason.UNAVAILABLE,
          "the app has no enrolment token for this device now ("
              + cause.getClass().getSimpleName()
              + ")",
          null,
          e);
    }
  }
}
