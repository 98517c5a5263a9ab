package io.tacit.client.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.client.TestPlans;
import io.tacit.client.identity.DeviceIdentity;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.client.storage.RoundLatch;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.privacy.RandomBits;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceTest {

  /** A secure generator that tells how many bytes were asked of it at a time. */
  private static final class Watched extends SecureRandom {

    private static final long serialVersionUID = 1;
    private final transient List<Integer> asked = new ArrayList<>();

    @Override
    public void nextBytes(byte[] bytes) {
      asked.add(bytes.length);
      super.nextBytes(bytes);
    }
  }

  @Test
  void noise_of_each_update_is_drawn_under_a_fresh_key_of_the_secure_generator(@TempDir Path at)
      throws IOException {
    DeviceStorage storage = DeviceStorage.open(at);
    Watched random = new Watched();
    Device device =
        Device.of(DeviceIdentity.openOrCreate(storage, random), new RoundLatch(storage), random);
    TrainingPlan plan = TestPlans.noisy();
    random.asked.clear();

    RandomBits first = device.bits().get();
    assertThat(random.asked).as("bytes of an AES key").containsExactly(32);
    RandomBits second = device.bits().get();
    assertThat(random.asked).containsExactly(32, 32);
    float[] update = new float[plan.parameters()];
    assertThat(plan.updateFormat().encode(update, 3, 0.25, first).toBytes())
        .isNotEqualTo(plan.updateFormat().encode(update, 3, 0.25, second).toBytes());
  }
}
