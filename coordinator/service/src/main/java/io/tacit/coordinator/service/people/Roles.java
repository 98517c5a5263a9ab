package io.tacit.coordinator.service.people;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.container.ResourceInfo;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What people may do. Each role includes the ones before it. */
public final class Roles {

  /** Reads: plans, models, rounds, metrics. */
  public static final String VIEWER = "viewer";

  /** Runs training: applies plans and what they need. */
  public static final String OPERATOR = "operator";

  /** Answers for it all: the audit log, and whatever carries trust. */
  public static final String OWNER = "owner";

  private static final List<String> ASCENDING = List.of(VIEWER, OPERATOR, OWNER);

  private Roles() {}

  /** The role and those that it includes. */
  static Set<String> including(String role) {
    return Set.copyOf(ASCENDING.subList(0, ASCENDING.indexOf(role) + 1));
  }

  /** The role that an operation of the REST API says it needs; anything else needs a viewer. */
  public static String neededFor(@Nullable ResourceInfo operation) {
    if (operation == null || operation.getResourceMethod() == null) {
      return VIEWER;
    }
    RolesAllowed own = operation.getResourceMethod().getAnnotation(RolesAllowed.class);
    RolesAllowed shared = operation.getResourceClass().getAnnotation(RolesAllowed.class);
    return own != null ? own.value()[0] : shared != null ? shared.value()[0] : "what nobody has";
  }

  /** The highest of the roles that somebody has, or {@code no role}. */
  static String highest(Set<String> roles) {
    return ASCENDING.stream().filter(roles::contains).reduce("no role", (low, high) -> high);
  }
}
