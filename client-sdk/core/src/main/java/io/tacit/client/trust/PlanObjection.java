package io.tacit.client.trust;

/**
 * Why a device does not follow a plan, or does not take a model.
 *
 * @param reason for code
 * @param detail for people: what, and what to do
 */
public record PlanObjection(Reason reason, String detail) {

  /** Why, for code. */
  public enum Reason {
    /** Its owner signed no such plan, or released no such model, and not all say development. */
    UNSIGNED,
    /** It is signed with a key that the app does not pin. */
    FOREIGN_KEY,
    /** It was changed after it was signed. */
    ALTERED,
    /** Its end is over. */
    EXPIRED,
    /** This device knows a newer version of it, or a later release. */
    OLDER_THAN_SEEN,
    /** The release is for a share of the devices that this one is not in. */
    FOR_OTHERS
  }
}
