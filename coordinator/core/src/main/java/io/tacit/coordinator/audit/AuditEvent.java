package io.tacit.coordinator.audit;

/**
 * Something that a person did, or tried. Texts are cut to the length that a row holds, and control
 * characters become {@code ?}: what a caller sends must not keep an entry out of the log, or change
 * how a terminal shows it.
 *
 * @param subject who, as the authentication names them; at most 256 characters
 * @param authentication how they proved it; at most 256 characters
 * @param remoteAddress where the request came from; at most 256 characters
 * @param action what; at most 1024 characters
 * @param target what it was done to, empty if the action says it; at most 1024 characters
 * @param outcome what came of it; at most 256 characters
 */
public record AuditEvent(
    String subject,
    String authentication,
    String remoteAddress,
    String action,
    String target,
    String outcome) {

  private static final int NAME_MAX = 256;
  private static final int TEXT_MAX = 1_024;

  public AuditEvent {
    subject = printable(subject, NAME_MAX);
    authentication = printable(authentication, NAME_MAX);
    remoteAddress = printable(remoteAddress, NAME_MAX);
    action = printable(action, TEXT_MAX);
    target = printable(target, TEXT_MAX);
    outcome = printable(outcome, NAME_MAX);
  }

  private static String printable(String text, int max) {
    StringBuilder kept = new StringBuilder();
    text.codePoints().limit(max).map(AuditEvent::printable).forEach(kept::appendCodePoint);
    // Characters beyond the basic plane count twice; half of one would be no character.
    int end = Math.min(max, kept.length());
    return kept.substring(
        0, end > 0 && Character.isHighSurrogate(kept.charAt(end - 1)) ? end - 1 : end);
  }

  /**
   * Half of a surrogate pair has no UTF-8, so that its hash would not be that of what is stored.
   */
  private static int printable(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          '?';
      default -> character;
    };
  }
}
