package io.tacit.client.training;

import io.tacit.client.model.UserVector;
import io.tacit.protocol.PlanId;
import java.io.IOException;
import java.util.Optional;

/** Keeps the private user vectors of a device between trainings. They never leave the device. */
public interface UserVectorStore {

  /**
   * The vector of a plan's model, if one was kept.
   *
   * @throws IOException if the device's storage fails
   */
  Optional<UserVector> find(PlanId plan) throws IOException;

  /**
   * Keeps the vector of a plan's model in place of an earlier one.
   *
   * @throws IOException if the device's storage fails
   */
  void keep(PlanId plan, UserVector vector) throws IOException;
}
