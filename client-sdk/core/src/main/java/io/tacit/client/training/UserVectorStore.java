package io.tacit.client.training;

import io.tacit.client.model.UserVector;
import io.tacit.protocol.PlanId;
import java.util.Optional;

/** Keeps the private user vectors of a device between trainings. They never leave the device. */
public interface UserVectorStore {

  /** The vector of a plan's model, if one was kept. */
  Optional<UserVector> find(PlanId plan);

  /** Keeps the vector of a plan's model in place of an earlier one. */
  void keep(PlanId plan, UserVector vector);
}
