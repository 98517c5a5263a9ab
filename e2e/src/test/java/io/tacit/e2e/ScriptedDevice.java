package io.tacit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.client.connection.Assignment;
import io.tacit.client.connection.AwaitOutcome;
import io.tacit.client.connection.CheckIn;
import io.tacit.client.connection.ConnectionException;
import io.tacit.client.connection.CoordinatorConnection;
import io.tacit.client.connection.Membership;
import io.tacit.client.connection.PollOutcome;
import io.tacit.client.connection.SessionOffer;
import io.tacit.client.connection.SessionState;
import io.tacit.client.connection.SubmitOutcome;
import io.tacit.client.connection.Upload;
import io.tacit.client.connection.UploadOutcome;
import io.tacit.protocol.Stage;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.protocol.crypto.Transcript;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.privacy.RandomBits;
import io.tacit.protocol.session.SignedAdvertisement;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A device that does one step at a time, when the test says so. */
final class ScriptedDevice {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Duration UPLOAD_WITHIN = Duration.ofSeconds(20);

  private final IdentityKeyPair identity = IdentityKeyPair.generate(RANDOM);
  private final CoordinatorConnection connection;
  private final TrainingPlan plan;
  private final Upload upload;
  private @Nullable Membership membership;

  /**
   * @param value of every element of its update
   */
  ScriptedDevice(CoordinatorConnection connection, TrainingPlan plan, float value) {
    this.connection = connection;
    this.plan = plan;
    float[] update = new float[plan.parameters()];
    Arrays.fill(update, value);
    this.upload =
        Upload.owning(
            plan.updateFormat().encode(update, 10, 0.5, RandomBits.secure(RANDOM)).toBytes());
  }

  /** Polls until there is work, checks in and joins the roster. */
  void join() throws Exception {
    AtomicReference<@Nullable Assignment> found = new AtomicReference<>();
    RunningCoordinator.await(
        "work",
        Duration.ofSeconds(20),
        () -> {
          found.set(poll());
          return found.get() != null;
        });
    Assignment work = Objects.requireNonNull(found.get());
    SessionOffer offer =
        (SessionOffer)
            connection.checkIn(
                identity.publicKey().clientId(),
                new CheckIn(work.round(), work.planHash(), work.modelHash()));
    SignedAdvertisement advertisement =
        SignedAdvertisement.sign(
            Transcript.sessionContext(
                0, offer.session(), work.planHash(), work.modelHash(), work.round().number()),
            identity,
            RANDOM);
    SubmitOutcome outcome =
        connection.advertise(offer.session(), identity.publicKey().clientId(), advertisement);
    assertThat(outcome).isInstanceOf(SubmitOutcome.Joined.class);
    membership =
        new Membership(
            offer.session(),
            identity.publicKey().clientId(),
            ((SubmitOutcome.Joined) outcome).ticket());
  }

  private @Nullable Assignment poll() {
    try {
      PollOutcome outcome =
          connection.poll(
              plan.population(), identity.publicKey().clientId(), Set.of(plan.model().kind()));
      return outcome instanceof Assignment assignment ? assignment : null;
    } catch (ConnectionException e) {
      return null;
    }
  }

  /** What it is to upload. */
  Upload update() {
    return upload;
  }

  /** Its place, once it has joined. */
  Membership membership() {
    return Objects.requireNonNull(membership);
  }

  /** Uploads; returns when the update is durable. */
  void upload() throws Exception {
    assertThat(tryUpload()).isEqualTo(new UploadOutcome.Stored());
  }

  UploadOutcome tryUpload() throws ConnectionException {
    return connection.upload(Objects.requireNonNull(membership), upload, 0, UPLOAD_WITHIN);
  }

  /** Waits until the session has left a stage. */
  SessionState awaitAfter(Stage known) throws Exception {
    AwaitOutcome outcome =
        connection.await(Objects.requireNonNull(membership), known, Duration.ofSeconds(20));
    assertThat(outcome).isInstanceOf(SessionState.class);
    return (SessionState) outcome;
  }
}
