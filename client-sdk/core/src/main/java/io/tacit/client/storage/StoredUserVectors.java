package io.tacit.client.storage;

import io.tacit.client.model.UserVector;
import io.tacit.client.training.UserVectorStore;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.WireLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Private user vectors as files of the device, one per plan. */
public final class StoredUserVectors implements UserVectorStore {

  private final DeviceStorage storage;

  /** Vectors kept in this storage. */
  public StoredUserVectors(DeviceStorage storage) {
    this.storage = storage;
  }

  @Override
  public Optional<UserVector> find(PlanId plan) throws IOException {
    Optional<byte[]> bytes = storage.read(name(plan), WireLimits.PARAMETERS_MAX * Float.BYTES);
    if (!bytes.isPresent()) {
      return Optional.empty();
    }
    float[] values = new float[bytes.get().length / Float.BYTES];
    ByteBuffer.wrap(bytes.get()).asFloatBuffer().get(values);
    return Optional.of(UserVector.copyOf(values));
  }

  @Override
  public void keep(PlanId plan, UserVector vector) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(vector.dimension() * Float.BYTES);
    buffer.asFloatBuffer().put(vector.toArray());
    storage.write(name(plan), buffer.array());
  }

  private static String name(PlanId plan) {
    return "user-vector-" + plan;
  }
}
