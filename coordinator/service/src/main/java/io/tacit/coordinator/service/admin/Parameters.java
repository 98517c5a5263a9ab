package io.tacit.coordinator.service.admin;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Names;
import io.tacit.protocol.PlanId;
import org.jspecify.annotations.Nullable;

/** Path and query parameters to values; what can not be one is a problem. */
final class Parameters {

  private Parameters() {}

  /** A plan that a path names; a text that can not be an id is an unknown plan: 404. */
  static PlanId planInPath(String id) {
    if (!Names.isName(id)) {
      throw unknownPlan(id);
    }
    return new PlanId(id);
  }

  /** A plan that a query names: 400 if it is missing or can not be an id. */
  static PlanId planInQuery(@Nullable String id) {
    if (id == null || !Names.isName(id)) {
      throw ProblemException.parameter(
          "plan", id == null ? "missing" : id, "the id of a plan", "add ?plan=ID");
    }
    return new PlanId(id);
  }

  static ProblemException unknownPlan(String id) {
    return ProblemException.notFound("plan " + id, "GET /api/v1/plans lists them");
  }

  static ContentHash hash(String hex, String what) {
    try {
      return ContentHash.fromHex(hex);
    } catch (IllegalArgumentException e) {
      throw ProblemException.notFound(what + " " + hex, "a hash has 64 hex digits");
    }
  }

  static int limit(int limit, int max) {
    if (limit < 1 || limit > max) {
      throw ProblemException.parameter(
          "limit", limit, "1 to " + max, "ask again with after= for more");
    }
    return limit;
  }
}
