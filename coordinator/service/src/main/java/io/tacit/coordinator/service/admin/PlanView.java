package io.tacit.coordinator.service.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tacit.coordinator.plans.PlanFile;
import io.tacit.coordinator.plans.RegisteredPlan;
import io.tacit.protocol.ContentHash;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A plan in force.
 *
 * @param id of the plan
 * @param version in force
 * @param hash of its wire form
 * @param population which devices take part
 * @param modelKind kind of model
 * @param parameters d
 * @param rounds to run
 * @param roundsDone rounds that were completed, each of which made a model version
 * @param state ACTIVE, FINISHED or SUPERSEDED
 * @param signedBy id of the task key that its owner signed with; only where one plan is asked for
 * @param plan in the spelling of plan files; only where one plan is asked for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Plan")
record PlanView(
    String id,
    int version,
    String hash,
    String population,
    String modelKind,
    int parameters,
    int rounds,
    int roundsDone,
    RegisteredPlan.State state,
    @Nullable String signedBy,
    @Nullable Map<String, Object> plan) {

  static PlanView of(RegisteredPlan registered, int roundsDone) {
    return new PlanView(
        registered.plan().id().value(),
        registered.plan().version(),
        registered.hash().toHex(),
        registered.plan().population(),
        registered.plan().model().kind(),
        registered.plan().parameters(),
        registered.plan().rounds(),
        roundsDone,
        registered.state(),
        null,
        null);
  }

  static PlanView whole(RegisteredPlan registered, int roundsDone, Optional<ContentHash> signer) {
    PlanView view = of(registered, roundsDone);
    return new PlanView(
        view.id,
        view.version,
        view.hash,
        view.population,
        view.modelKind,
        view.parameters,
        view.rounds,
        view.roundsDone,
        view.state,
        signer.map(ContentHash::toHex).orElse(null),
        PlanFile.toTree(registered.plan()));
  }
}
