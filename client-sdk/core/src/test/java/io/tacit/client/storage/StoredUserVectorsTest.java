package io.tacit.client.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.client.model.UserVector;
import io.tacit.protocol.PlanId;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredUserVectorsTest {

  @TempDir Path directory;

  @Test
  void keeps_the_last_vector_of_each_plan() throws IOException {
    PlanId plan = new PlanId("films");
    StoredUserVectors vectors = new StoredUserVectors(DeviceStorage.open(directory));
    vectors.keep(plan, UserVector.copyOf(new float[] {1, 2}));
    vectors.keep(plan, UserVector.copyOf(new float[] {0.5f, -3, 4}));

    StoredUserVectors reopened = new StoredUserVectors(DeviceStorage.open(directory));
    assertThat(reopened.find(plan)).contains(UserVector.copyOf(new float[] {0.5f, -3, 4}));
    assertThat(reopened.find(new PlanId("books"))).isEmpty();
  }
}
