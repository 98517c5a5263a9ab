package io.tacit.coordinator.service.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import com.google.protobuf.WireFormat;
import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.quarkus.arc.All;
import io.quarkus.test.junit.QuarkusTest;
import io.tacit.protocol.v1.AbortRequest;
import io.tacit.protocol.v1.AwaitRequest;
import io.tacit.protocol.v1.ChallengeRequest;
import io.tacit.protocol.v1.CheckInRequest;
import io.tacit.protocol.v1.CurrentModelsRequest;
import io.tacit.protocol.v1.DownloadRequest;
import io.tacit.protocol.v1.EnrolRequest;
import io.tacit.protocol.v1.LoginRequest;
import io.tacit.protocol.v1.PollRequest;
import io.tacit.protocol.v1.RenewRequest;
import io.tacit.protocol.v1.SignedMessage;
import io.tacit.protocol.v1.Stage;
import io.tacit.protocol.v1.SubmitRequest;
import io.tacit.protocol.v1.UploadChunk;
import io.tacit.protocol.v1.UploadHeader;
import io.tacit.protocol.v1.UploadStatusRequest;
import io.tacit.testing.Fuzz;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bytes that no client of ours would send, as messages of every method that the port offers. */
@QuarkusTest
class DamagedMessagesTest {

  private static final ByteString ID = ByteString.copyFrom(new byte[32]);
  private static final ByteString SESSION = ByteString.copyFrom(new byte[16]);

  private static final String UPLOAD = "tacit.v1.Rounds/Upload";

  /** A sound request of each method. No session is theirs, so that no call has a reason to wait. */
  private static final Map<String, MessageLite> REQUESTS =
      Map.ofEntries(
          entry(
              "tacit.v1.Rounds/Poll",
              PollRequest.newBuilder()
                  .setPopulation("nobody")
                  .setClientId(ID)
                  .addModelKinds("two-tower")
                  .build()),
          entry(
              "tacit.v1.Rounds/CheckIn",
              CheckInRequest.newBuilder()
                  .setPlanId("p")
                  .setPlanHash(ID)
                  .setRound(1)
                  .setModelHash(ID)
                  .setClientId(ID)
                  .build()),
          entry(
              "tacit.v1.Rounds/Submit",
              SubmitRequest.newBuilder()
                  .setSessionId(SESSION)
                  .setClientId(ID)
                  .setStage(Stage.STAGE_ADVERTISE)
                  .setMessage(
                      SignedMessage.newBuilder()
                          .setBody(ID)
                          .setSignature(ByteString.copyFrom(new byte[64])))
                  .build()),
          entry(
              UPLOAD,
              UploadChunk.newBuilder()
                  .setHeader(
                      UploadHeader.newBuilder()
                          .setSessionId(SESSION)
                          .setClientId(ID)
                          .setTicket(ID)
                          .setTotalBytes(40)
                          .setSha256(ID))
                  .setData(ByteString.copyFrom(new byte[40]))
                  .build()),
          entry(
              "tacit.v1.Rounds/UploadStatus",
              UploadStatusRequest.newBuilder()
                  .setSessionId(SESSION)
                  .setClientId(ID)
                  .setTicket(ID)
                  .build()),
          entry(
              "tacit.v1.Rounds/Await",
              AwaitRequest.newBuilder()
                  .setSessionId(SESSION)
                  .setClientId(ID)
                  .setTicket(ID)
                  .setKnown(Stage.STAGE_INPUT)
                  .build()),
          entry(
              "tacit.v1.Rounds/Abort",
              AbortRequest.newBuilder()
                  .setSessionId(SESSION)
                  .setClientId(ID)
                  .setTicket(ID)
                  .setCode("BATTERY")
                  .build()),
          entry(
              "tacit.v1.Artifacts/Download",
              DownloadRequest.newBuilder().setContentHash(ID).build()),
          entry(
              "tacit.v1.Models/Current",
              CurrentModelsRequest.newBuilder()
                  .setPopulation("nobody")
                  .addModelKinds("two-tower")
                  .build()),
          entry(
              "tacit.v1.Enrolment/Enrol",
              EnrolRequest.newBuilder().setToken("a.b.c").setRequest(ID).setEvidence(ID).build()),
          entry(
              "tacit.v1.Enrolment/Renew",
              RenewRequest.newBuilder()
                  .setCertificate(ID)
                  .setRequest(ID)
                  .setSignature(ByteString.copyFrom(new byte[64]))
                  .build()),
          entry("tacit.v1.Access/Challenge", ChallengeRequest.getDefaultInstance()),
          entry(
              "tacit.v1.Access/Login",
              LoginRequest.newBuilder()
                  .setChallenge(ByteString.copyFrom(new byte[64]))
                  .setCertificate(ID)
                  .setSignature(ByteString.copyFrom(new byte[64]))
                  .build()));

  private static final int LENGTH_DELIMITED = WireFormat.WIRETYPE_LENGTH_DELIMITED;

  private static final List<String> FRAGMENTS =
      List.of(
          "../../etc/passwd",
          "..\\..\\windows",
          "x' OR '1'='1",
          "x'; DROP TABLE plan; --",
          "x\u0000.tcat",
          "${jndi:ldap://127.0.0.1/x}",
          "\u202e\u0007\u001b[31m",
          "x".repeat(3000));

  @Inject GrpcServer server;
  @Inject @All List<BindableService> services;

  private ManagedChannel connection;

  @BeforeEach
  void connect() {
    connection =
        ManagedChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
  }

  @AfterEach
  void disconnect() throws InterruptedException {
    connection.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
  }

  @Test
  @Tag(Fuzz.TAG)
  void are_answered_or_refused_as_malformed_by_every_method() {
    Map<String, MethodDescriptor<byte[], byte[]>> methods = methods();
    assertThat(REQUESTS.keySet()).isEqualTo(methods.keySet());

    methods.forEach(
        (name, method) ->
            Fuzz.of(Objects.requireNonNull(REQUESTS.get(name)).toByteArray())
                .feed(
                    Fuzz.inputs() / 10,
                    input -> {
                      Answer answer = call(method, input);
                      if (!answer.status().isOk()) {
                        assertThat(answer.status().getCode())
                            .as("%s: %s", name, answer.status())
                            .isEqualTo(Status.Code.INVALID_ARGUMENT);
                        assertThat(answer.reason()).as(name).isEqualTo("MALFORMED");
                      }
                    }));
  }

  @Test
  void fragments_in_the_ids_of_an_upload_name_nothing_and_are_no_fault() throws Exception {
    UploadChunk sound = (UploadChunk) Objects.requireNonNull(REQUESTS.get(UPLOAD));
    MethodDescriptor<byte[], byte[]> method = Objects.requireNonNull(methods().get(UPLOAD));
    for (String fragment : FRAGMENTS) {
      for (byte[] header :
          withFragment(sound.getHeader().toByteArray(), fragment.getBytes(UTF_8))) {
        byte[] input =
            sound.toBuilder().setHeader(UploadHeader.parseFrom(header)).build().toByteArray();
        assertThat(call(method, input).status().getCode())
            .as(fragment)
            .isIn(Status.Code.OK, Status.Code.INVALID_ARGUMENT);
      }
    }
  }

  @Test
  void fragments_of_paths_and_of_sql_in_every_id_name_nothing_and_are_no_fault() throws Exception {
    Map<String, MethodDescriptor<byte[], byte[]>> methods = methods();
    for (Map.Entry<String, MessageLite> request : REQUESTS.entrySet()) {
      for (String fragment : FRAGMENTS) {
        for (byte[] input :
            withFragment(request.getValue().toByteArray(), fragment.getBytes(UTF_8))) {
          Answer answer = call(Objects.requireNonNull(methods.get(request.getKey())), input);
          assertThat(answer.status().getCode())
              .as("%s with %s: %s", request.getKey(), fragment, answer.status())
              .isIn(Status.Code.OK, Status.Code.INVALID_ARGUMENT);
        }
      }
    }
  }

  /** The message with the fragment in the place of each field of text, bytes or a message. */
  private static List<byte[]> withFragment(byte[] message, byte[] fragment) throws IOException {
    List<byte[]> hostile = new ArrayList<>();
    CodedInputStream in = CodedInputStream.newInstance(message);
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int start = in.getTotalBytesRead();
      if (!in.skipField(tag) || WireFormat.getTagWireType(tag) != LENGTH_DELIMITED) {
        continue;
      }
      ByteArrayOutputStream changed = new ByteArrayOutputStream();
      changed.write(message, 0, start);
      CodedOutputStream out = CodedOutputStream.newInstance(changed);
      out.writeByteArrayNoTag(fragment);
      out.flush();
      int end = in.getTotalBytesRead();
      changed.write(message, end, message.length - end);
      hostile.add(changed.toByteArray());
    }
    return hostile;
  }

  private Map<String, MethodDescriptor<byte[], byte[]>> methods() {
    Map<String, MethodDescriptor<byte[], byte[]>> methods = new TreeMap<>();
    for (BindableService service : services) {
      for (ServerMethodDefinition<?, ?> method : service.bindService().getMethods()) {
        MethodDescriptor<?, ?> typed = method.getMethodDescriptor();
        methods.put(
            typed.getFullMethodName(),
            typed.toBuilder(Raw.BYTES, Raw.BYTES).setSchemaDescriptor(null).build());
      }
    }
    return methods;
  }

  private Answer call(MethodDescriptor<byte[], byte[]> method, byte[] input) throws Exception {
    Metadata headers = new Metadata();
    headers.put(RpcStatus.PROTOCOL, "1");
    ClientCall<byte[], byte[]> call =
        connection.newCall(method, CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS));
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            answer.complete(new Answer(status, trailers.get(RpcStatus.REASON)));
          }
        },
        headers);
    call.request(Integer.MAX_VALUE);
    call.sendMessage(input);
    call.halfClose();
    return answer.get(30, TimeUnit.SECONDS);
  }

  private record Answer(Status status, @org.jspecify.annotations.Nullable String reason) {}

  private enum Raw implements MethodDescriptor.Marshaller<byte[]> {
    BYTES;

    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
