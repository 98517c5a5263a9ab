package io.tacit.coordinator.service.rpc;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import io.tacit.enrolment.EnrolmentAuthority;
import io.tacit.enrolment.EnrolmentRequest;
import io.tacit.enrolment.IssuanceOutcome;
import io.tacit.enrolment.Refused;
import io.tacit.enrolment.RenewalRequest;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.v1.CertificateResponse;
import io.tacit.protocol.v1.EnrolRequest;
import io.tacit.protocol.v1.EnrolmentGrpc;
import io.tacit.protocol.v1.EnrolmentRefusalReason;
import io.tacit.protocol.v1.EnrolmentRefused;
import io.tacit.protocol.v1.RenewRequest;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** {@code tacit.v1.Enrolment}, where the authority is here. Workers wait for its books. */
@Singleton
class EnrolmentGrpcService extends EnrolmentGrpc.EnrolmentImplBase {

  /** Empty if devices enrol elsewhere. */
  private final Optional<EnrolmentAuthority> authority;

  private final RefusalLog refusals;
  private final Executor workers;

  EnrolmentGrpcService(
      Optional<EnrolmentAuthority> authority, RefusalLog refusals, Executor workers) {
    this.authority = authority;
    this.refusals = refusals;
    this.workers = workers;
  }

  @Override
  public void enrol(EnrolRequest request, StreamObserver<CertificateResponse> observer) {
    if (authority.isEmpty()) {
      super.enrol(request, observer);
      return;
    }
    EnrolmentAuthority here = authority.get();
    Replies.sendLater(
        observer,
        () -> {
          WireFields.within(
              "length of token",
              request.getToken().length(),
              1,
              WireLimits.BOOTSTRAP_TOKEN_LENGTH_MAX);
          EnrolmentRequest asked =
              new EnrolmentRequest(
                  request.getToken(),
                  pkcs10(request.getRequest()),
                  evidence(request.getEvidence()),
                  PeerAddress.current());
          return CompletableFuture.supplyAsync(() -> here.enrol(asked), workers);
        },
        this::response);
  }

  @Override
  public void renew(RenewRequest request, StreamObserver<CertificateResponse> observer) {
    if (authority.isEmpty()) {
      super.renew(request, observer);
      return;
    }
    EnrolmentAuthority here = authority.get();
    Replies.sendLater(
        observer,
        () -> {
          RenewalRequest asked =
              new RenewalRequest(
                  WireFields.atMost(
                      "certificate", request.getCertificate(), WireLimits.CERTIFICATE_BYTES_MAX),
                  pkcs10(request.getRequest()),
                  evidence(request.getEvidence()),
                  WireFields.atMost(
                      "signature", request.getSignature(), WireLimits.SIGNATURE_BYTES_MAX),
                  PeerAddress.current());
          return CompletableFuture.supplyAsync(() -> here.renew(asked), workers);
        },
        this::response);
  }

  private static byte[] pkcs10(ByteString request) {
    return WireFields.atMost("request", request, WireLimits.CERTIFICATE_REQUEST_BYTES_MAX);
  }

  private static byte[] evidence(ByteString evidence) {
    return WireFields.atMost("evidence", evidence, WireLimits.EVIDENCE_BYTES_MAX);
  }

  private CertificateResponse response(IssuanceOutcome outcome) {
    if (outcome instanceof IssuanceOutcome.Issued issued) {
      return CertificateResponse.newBuilder()
          .setCertificate(ByteString.copyFrom(issued.certificate().toDer()))
          .build();
    }
    Refused refused = (Refused) outcome;
    refusals.refused("ENROLMENT_" + refused.reason(), "a device gets no certificate");
    return CertificateResponse.newBuilder()
        .setRefused(
            EnrolmentRefused.newBuilder()
                .setReason(reason(refused))
                .setDetail(refused.message())
                .setRetryAfterMillis(refused.retryAfter().map(Duration::toMillis).orElse(0L)))
        .build();
  }

  private static EnrolmentRefusalReason reason(Refused refused) {
    return switch (refused.reason()) {
      case TOKEN_MALFORMED,
          TOKEN_SIGNATURE,
          TOKEN_AUDIENCE,
          TOKEN_EXPIRED,
          TOKEN_NOT_YET_VALID,
          TOKEN_LIFETIME,
          TOKEN_USED ->
          EnrolmentRefusalReason.ENROLMENT_REFUSAL_REASON_TOKEN;
      case REQUEST_MALFORMED, REQUEST_KEY, REQUEST_SIGNATURE, RENEWAL_SIGNATURE ->
          EnrolmentRefusalReason.ENROLMENT_REFUSAL_REASON_REQUEST;
      case KEY_REVOKED, CERTIFICATE_REVOKED, RENEWAL_USED ->
          EnrolmentRefusalReason.ENROLMENT_REFUSAL_REASON_REVOKED;
      case ATTESTATION -> EnrolmentRefusalReason.ENROLMENT_REFUSAL_REASON_ATTESTATION;
      case ACCOUNT_LIMIT, ADDRESS_LIMIT -> EnrolmentRefusalReason.ENROLMENT_REFUSAL_REASON_LIMIT;
      case CERTIFICATE_MALFORMED,
          CERTIFICATE_FOREIGN,
          CERTIFICATE_UNKNOWN,
          CERTIFICATE_NOT_YET_VALID,
          CERTIFICATE_EXPIRED,
          // Of a verifier, which is not asked here.
          REVOCATIONS_OUTDATED,
          POPULATION_UNKNOWN ->
          EnrolmentRefusalReason.ENROLMENT_REFUSAL_REASON_CERTIFICATE;
      case RENEWAL_EARLY -> EnrolmentRefusalReason.ENROLMENT_REFUSAL_REASON_EARLY;
      case AUTHORITY_EXPIRED -> EnrolmentRefusalReason.ENROLMENT_REFUSAL_REASON_AUTHORITY;
    };
  }
}
