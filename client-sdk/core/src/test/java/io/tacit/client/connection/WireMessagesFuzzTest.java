package io.tacit.client.connection;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.tacit.protocol.v1.Accepted;
import io.tacit.protocol.v1.Assignment;
import io.tacit.protocol.v1.AwaitResponse;
import io.tacit.protocol.v1.CertificateResponse;
import io.tacit.protocol.v1.CheckInResponse;
import io.tacit.protocol.v1.ComeBack;
import io.tacit.protocol.v1.CurrentModel;
import io.tacit.protocol.v1.CurrentModelsResponse;
import io.tacit.protocol.v1.EnrolmentRefused;
import io.tacit.protocol.v1.PollResponse;
import io.tacit.protocol.v1.Refused;
import io.tacit.protocol.v1.SessionOffer;
import io.tacit.protocol.v1.SessionState;
import io.tacit.protocol.v1.Stage;
import io.tacit.protocol.v1.SubmitResponse;
import io.tacit.protocol.v1.UploadProgress;
import io.tacit.protocol.v1.UploadResponse;
import io.tacit.protocol.v1.UploadStatusResponse;
import io.tacit.testing.Fuzz;
import java.io.ByteArrayInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Answers that no coordinator of ours would give. */
@Tag(Fuzz.TAG)
class WireMessagesFuzzTest {

  private static final ByteString HASH = ByteString.copyFrom(new byte[32]);
  private static final ByteString SESSION = ByteString.copyFrom(new byte[16]);
  private static final Accepted ACCEPTED = Accepted.newBuilder().setTicket(HASH).build();
  private static final Refused REFUSED =
      Refused.newBuilder().setReasonValue(1).setDetail("too late").build();

  private static void feed(Fuzz.Decoder decoder, byte[]... answers) {
    Fuzz.of(answers)
        // What gRPC makes of the first is a status, of the second MALFORMED_ANSWER.
        .refusedWith(InvalidProtocolBufferException.class, IllegalArgumentException.class)
        .feed(decoder);
  }

  @Test
  void work_is_work_or_malformed() {
    feed(
        input -> WireMessages.outcome(PollResponse.parseFrom(input)),
        PollResponse.newBuilder()
            .setAssignment(
                Assignment.newBuilder()
                    .setPlanId("news")
                    .setPlanHash(HASH)
                    .setRound(3)
                    .setModelHash(HASH)
                    .setPlanVersion(2)
                    .setTrainWithinMillis(60_000))
            .build()
            .toByteArray(),
        PollResponse.newBuilder()
            .setComeBack(ComeBack.newBuilder().setAfterMillis(1_000))
            .build()
            .toByteArray());
    feed(
        input -> WireMessages.currentModels(CurrentModelsResponse.parseFrom(input)),
        CurrentModelsResponse.newBuilder()
            .addModels(
                CurrentModel.newBuilder()
                    .setPlanId("news")
                    .setPlanVersion(1)
                    .setPlanHash(HASH)
                    .setModelVersion(2)
                    .setModelHash(HASH))
            .build()
            .toByteArray());
  }

  @Test
  void places_in_rounds_are_places_or_malformed() {
    feed(
        input -> WireMessages.outcome(CheckInResponse.parseFrom(input)),
        CheckInResponse.newBuilder()
            .setOffer(
                SessionOffer.newBuilder()
                    .setSessionId(SESSION)
                    .setAdvertiseWithinMillis(1_000)
                    .setInputWithinMillis(1_000))
            .build()
            .toByteArray(),
        CheckInResponse.newBuilder()
            .setComeBack(ComeBack.newBuilder().setAfterMillis(1_000))
            .build()
            .toByteArray());
    feed(
        input -> {
          WireMessages.joined(SubmitResponse.parseFrom(input));
          WireMessages.stored(SubmitResponse.parseFrom(input));
        },
        SubmitResponse.newBuilder().setAccepted(ACCEPTED).build().toByteArray(),
        SubmitResponse.newBuilder().setRefused(REFUSED).build().toByteArray());
    feed(
        input -> WireMessages.outcome(AwaitResponse.parseFrom(input)),
        AwaitResponse.newBuilder()
            .setState(SessionState.newBuilder().setStage(Stage.STAGE_INPUT).setContributors(1))
            .build()
            .toByteArray());
  }

  @Test
  void acknowledgements_are_so_or_malformed() {
    feed(
        input -> WireMessages.outcome(UploadResponse.parseFrom(input)),
        UploadResponse.newBuilder().setAccepted(ACCEPTED).build().toByteArray(),
        UploadResponse.newBuilder().setRefused(REFUSED).build().toByteArray());
    feed(
        input -> WireMessages.outcome(UploadStatusResponse.parseFrom(input)),
        UploadStatusResponse.newBuilder()
            .setProgress(UploadProgress.newBuilder().setOffset(40).setSha256SoFar(HASH))
            .build()
            .toByteArray());
  }

  @Test
  void certificates_are_an_outcome_or_malformed() {
    feed(
        input -> WireMessages.outcome(CertificateResponse.parseFrom(input)),
        CertificateResponse.newBuilder().setCertificate(HASH).build().toByteArray(),
        CertificateResponse.newBuilder()
            .setRefused(EnrolmentRefused.newBuilder().setDetail("no"))
            .build()
            .toByteArray());
  }

  @Test
  void pinned_certificates_are_keys_or_a_reason() {
    Fuzz.of(PINNED.getBytes(US_ASCII))
        .refusedWith(IllegalArgumentException.class)
        .feed(input -> PinnedTrust.keys(new ByteArrayInputStream(input)));
  }

  /** Found by the fuzz run: the JDK then throws what it does not document. */
  @Test
  void a_pinned_certificate_whose_key_has_no_bytes_is_refused() {
    String withoutKey = PINNED.replace("BgMrZXADIQADoQe", "BgMrZXADAQADoQe");

    assertThat(withoutKey).isNotEqualTo(PINNED);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PinnedTrust.keys(new ByteArrayInputStream(withoutKey.getBytes(US_ASCII))))
        .withMessageStartingWith("pinned trust is no X.509 certificate in PEM or DER (");
  }

  /** A certificate that OpenSSL made of a key of its own. */
  private static final String PINNED =
      """
      -----BEGIN CERTIFICATE-----
      MIIBIzCB1qADAgECAgEBMAUGAytlcDARMQ8wDQYDVQQDDAZkZXZpY2UwHhcNMjYx
      MTI0MTczNTQwWhcNMjcwMjIyMTczNTQwWjARMQ8wDQYDVQQDDAZkZXZpY2UwKjAF
      BgMrZXADIQADoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuKNTMFEwHQYD
      VR0OBBYEFP2Bpttk1vr39wLAeXGoLCXB3DyQMB8GA1UdIwQYMBaAFP2Bpttk1vr3
      9wLAeXGoLCXB3DyQMA8GA1UdEwEB/wQFMAMBAf8wBQYDK2VwA0EAw6JXu7j4zhHT
      r6TLWfeDeB2uJJtxCWTDyUG+tTgMBpzAeiWTcLuGkTywRMERGN2BuB0llX+iB8nq
      RI79F8STBg==
      -----END CERTIFICATE-----
      """;
}
