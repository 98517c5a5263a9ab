package io.tacit.coordinator.service.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.quarkus.runtime.LaunchMode;
import io.tacit.protocol.v1.PollRequest;
import io.tacit.protocol.v1.PollResponse;
import io.tacit.protocol.v1.RoundsGrpc;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** No status leaves the server that the contract does not list. */
class StatusConformanceInterceptorTest {

  @Test
  void lets_documented_statuses_pass_as_they_are() {
    assertThat(closed(LaunchMode.TEST, Status.OK, null).status).isEqualTo(Status.OK);
    RpcStatus.DOCUMENTED.forEach(
        (code, reasons) -> {
          for (String reason : reasons) {
            Status status = code.toStatus().withDescription("text");
            RecordingCall call = closed(LaunchMode.TEST, status, reason);
            assertThat(call.status).isSameAs(status);
            assertThat(call.trailers.get(RpcStatus.REASON)).isEqualTo(reason);
          }
        });
  }

  @Test
  void an_undocumented_status_becomes_a_failure_that_no_test_can_overlook() {
    RecordingCall call = closed(LaunchMode.TEST, Status.NOT_FOUND.withDescription("x"), null);

    assertThat(call.status.getCode()).isEqualTo(Status.Code.INTERNAL);
    assertThat(call.status.getDescription())
        .isEqualTo("UNDOCUMENTED STATUS NOT_FOUND from tacit.v1.Rounds/Poll");
    assertThat(call.trailers.get(RpcStatus.REASON)).isEqualTo("BUG");
  }

  @Test
  void a_documented_status_without_its_reason_is_undocumented() {
    for (Status.Code code : RpcStatus.DOCUMENTED.keySet()) {
      assertThat(closed(LaunchMode.TEST, code.toStatus(), null).status.getDescription())
          .isEqualTo("UNDOCUMENTED STATUS " + code + " from tacit.v1.Rounds/Poll");
      assertThat(closed(LaunchMode.TEST, code.toStatus(), "OTHER").status.getDescription())
          .isEqualTo("UNDOCUMENTED STATUS " + code + " from tacit.v1.Rounds/Poll");
    }
  }

  @Test
  void in_production_an_undocumented_status_tells_an_incident_number_and_nothing_else() {
    RecordingCall call =
        closed(LaunchMode.NORMAL, Status.UNKNOWN.withDescription("a secret"), null);

    assertThat(call.status.getCode()).isEqualTo(Status.Code.INTERNAL);
    assertThat(call.status.getDescription()).matches("incident [0-9a-f-]{36}");
    assertThat(call.trailers.get(RpcStatus.REASON)).isEqualTo("BUG");
  }

  private static RecordingCall closed(LaunchMode mode, Status status, @Nullable String reason) {
    RecordingCall call = new RecordingCall();
    new StatusConformanceInterceptor(mode)
        .interceptCall(
            call,
            new Metadata(),
            (intercepted, headers) -> {
              Metadata trailers = new Metadata();
              if (reason != null) {
                trailers.put(RpcStatus.REASON, reason);
              }
              intercepted.close(status, trailers);
              return new ServerCall.Listener<>() {};
            });
    return call;
  }

  /** Keeps how it was closed. */
  private static final class RecordingCall extends ServerCall<PollRequest, PollResponse> {

    private Status status = Status.UNKNOWN;
    private Metadata trailers = new Metadata();

    @Override
    public void close(Status with, Metadata and) {
      status = with;
      trailers = and;
    }

    @Override
    public void request(int messages) {}

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(PollResponse message) {}

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public MethodDescriptor<PollRequest, PollResponse> getMethodDescriptor() {
      return RoundsGrpc.getPollMethod();
    }
  }
}
