package io.tacit.coordinator.service.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.quarkus.test.junit.QuarkusTest;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.v1.AbortRequest;
import io.tacit.protocol.v1.AwaitRequest;
import io.tacit.protocol.v1.CheckInRequest;
import io.tacit.protocol.v1.DownloadRequest;
import io.tacit.protocol.v1.PollRequest;
import io.tacit.protocol.v1.RoundsGrpc;
import io.tacit.protocol.v1.SignedMessage;
import io.tacit.protocol.v1.Stage;
import io.tacit.protocol.v1.SubmitRequest;
import io.tacit.protocol.v1.UploadChunk;
import io.tacit.protocol.v1.UploadStatusRequest;
import java.util.Collections;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Calls of another version of the protocol, and fields that are not what they must be. */
@QuarkusTest
class MalformedCallsTest extends EdgeFixture {

  private static final ByteString ID = ByteString.copyFrom(new byte[32]);
  private static final ByteString SESSION = ByteString.copyFrom(new byte[16]);

  private RoundsGrpc.RoundsBlockingStub rounds() {
    return RoundsGrpc.newBlockingStub(channel);
  }

  @Test
  void refuses_calls_without_a_protocol_version_and_tells_its_own() {
    assertVersionRefused(connection, "none");
  }

  @Test
  void refuses_calls_of_another_protocol_version_and_tells_its_own() {
    Channel other =
        ClientInterceptors.intercept(
            connection, MetadataUtils.newAttachHeadersInterceptor(protocol("2")));
    assertVersionRefused(other, "2");
  }

  private static void assertVersionRefused(Channel other, String theirs) {
    StatusRuntimeException refusal =
        refused(() -> RoundsGrpc.newBlockingStub(other).poll(PollRequest.getDefaultInstance()));
    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(refusal.getStatus().getDescription())
        .isEqualTo(
            "client speaks protocol version "
                + theirs
                + ", this coordinator speaks 1; update the older side");
    assertThat(refusal.getTrailers().get(RpcStatus.REASON)).isEqualTo("PROTOCOL_VERSION");
    assertThat(refusal.getTrailers().get(PROTOCOL)).isEqualTo("1");
  }

  @Test
  void tells_its_version_in_every_answer() throws InterruptedException {
    device("nobody").poll();

    assertThat(headers.take().get(PROTOCOL)).isEqualTo("1");
  }

  @Test
  void names_the_malformed_field_its_value_and_what_it_must_be() {
    ByteString shortId = ByteString.copyFrom(new byte[31]);
    PollRequest poll =
        PollRequest.newBuilder().setPopulation("p").setClientId(ID).addModelKinds("x").build();
    assertMalformed(
        "client_id has 31 bytes, must have exactly 32",
        () -> rounds().poll(poll.toBuilder().setClientId(shortId).build()));
    assertMalformed(
        "population", () -> rounds().poll(poll.toBuilder().setPopulation("No Name").build()));
    assertMalformed(
        "model_kinds is 17, must be 0 to 16",
        () ->
            rounds().poll(poll.toBuilder().addAllModelKinds(Collections.nCopies(16, "x")).build()));

    CheckInRequest checkIn =
        CheckInRequest.newBuilder()
            .setPlanId("p")
            .setPlanHash(ID)
            .setRound(1)
            .setModelHash(ID)
            .setClientId(ID)
            .build();
    assertMalformed(
        "plan_hash has 31 bytes, must have exactly 32",
        () -> rounds().checkIn(checkIn.toBuilder().setPlanHash(shortId).build()));
    assertMalformed(
        "model_hash has 0 bytes, must have exactly 32",
        () -> rounds().checkIn(checkIn.toBuilder().clearModelHash().build()));
    assertMalformed(
        "client_id has 31 bytes, must have exactly 32",
        () -> rounds().checkIn(checkIn.toBuilder().setClientId(shortId).build()));
    assertMalformed("plan", () -> rounds().checkIn(checkIn.toBuilder().clearPlanId().build()));
    assertMalformed("round", () -> rounds().checkIn(checkIn.toBuilder().setRound(0).build()));

    SubmitRequest submit =
        SubmitRequest.newBuilder()
            .setSessionId(SESSION)
            .setClientId(ID)
            .setStage(Stage.STAGE_ADVERTISE)
            .setMessage(SignedMessage.newBuilder().setSignature(ByteString.copyFrom(new byte[64])))
            .build();
    assertMalformed(
        "session_id has 31 bytes, must have exactly 16",
        () -> rounds().submit(submit.toBuilder().setSessionId(shortId).build()));
    assertMalformed(
        "stage is 3, must be 1, 2, 4 or 5: an update goes to Upload",
        () -> rounds().submit(submit.toBuilder().setStage(Stage.STAGE_INPUT).build()));
    assertMalformed(
        "message.signature has 0 bytes, must have exactly 64",
        () -> rounds().submit(submit.toBuilder().clearMessage().build()));

    AwaitRequest await =
        AwaitRequest.newBuilder()
            .setSessionId(SESSION)
            .setClientId(ID)
            .setTicket(ID)
            .setKnown(Stage.STAGE_INPUT)
            .build();
    assertMalformed(
        "hold_millis is 25001, must be 0 to 25000",
        () -> rounds().await(await.toBuilder().setHoldMillis(25_001).build()));
    assertMalformed(
        "hold_millis is 4294967295, must be 0 to 25000",
        () -> rounds().await(await.toBuilder().setHoldMillis(-1).build()));
    assertMalformed(
        "stage is 8, must be 1 to 7",
        () -> rounds().await(await.toBuilder().setKnownValue(8).build()));
    assertMalformed(
        "ticket has 31 bytes, must have exactly 32",
        () -> rounds().await(await.toBuilder().setTicket(shortId).build()));

    assertMalformed(
        "ticket has 0 bytes, must have exactly 32",
        () ->
            rounds()
                .uploadStatus(
                    UploadStatusRequest.newBuilder()
                        .setSessionId(SESSION)
                        .setClientId(ID)
                        .build()));
    assertMalformed(
        "code has 7 characters, must be one word of 1 to 64 of A-Z and _",
        () ->
            rounds()
                .abort(
                    AbortRequest.newBuilder()
                        .setSessionId(SESSION)
                        .setClientId(ID)
                        .setTicket(ID)
                        .setCode("no\nword")
                        .build()));
    assertMalformed(
        "content_hash has 31 bytes, must have exactly 32",
        () -> download(DownloadRequest.newBuilder().setContentHash(shortId).build()));
  }

  @Test
  void an_upload_begins_with_a_header_and_has_a_chunk() {
    assertMalformedUpload(
        "header is missing in the first chunk",
        call -> call.requests.onNext(UploadChunk.getDefaultInstance()));
    assertMalformedUpload("the stream ended without a chunk", call -> call.requests.onCompleted());
    assertMalformedUpload(
        "data has 262145 bytes, must have at most 262144",
        call ->
            call.requests.onNext(
                UploadChunk.newBuilder()
                    .setData(ByteString.copyFrom(new byte[WireLimits.CHUNK_BYTES_MAX + 1]))
                    .build()));
  }

  private void assertMalformedUpload(String text, Consumer<GrpcDevice.UploadCall> script) {
    GrpcDevice.UploadCall call = device("nobody").begin();
    script.accept(call);
    assertMalformed(text, () -> answer(call));
  }

  private static Object answer(GrpcDevice.UploadCall call) {
    try {
      return call.answer.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw (StatusRuntimeException) e.getCause();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void refuses_a_message_above_the_limit_and_goes_on() {
    GrpcDevice.UploadCall call = device("nobody").begin();
    call.requests.onNext(
        UploadChunk.newBuilder()
            .setData(ByteString.copyFrom(new byte[WireLimits.MESSAGE_BYTES_MAX]))
            .build());

    StatusRuntimeException refusal = refused(() -> answer(call));

    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(device("nobody").poll().hasComeBack()).isTrue();
  }
}
