package io.tacit.coordinator.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacit.protocol.ContentHash;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Instant;

/**
 * A line of the log.
 *
 * @param number from 1, without gaps
 * @param at when, in whole milliseconds
 * @param event what happened
 * @param hash of this line and, through the hash before it, of all lines before
 */
public record AuditEntry(long number, Instant at, AuditEvent event, ContentHash hash) {

  private static final byte[] DOMAIN = "tacit-audit-1".getBytes(UTF_8);

  /** What the first line has as the hash before it: 32 zero bytes. */
  static final ContentHash BEFORE_THE_FIRST = ContentHash.fromDigest(new byte[ContentHash.LENGTH]);

  static AuditEntry following(ContentHash previous, long number, Instant at, AuditEvent event) {
    return new AuditEntry(number, at, event, hash(previous, number, at, event));
  }

  /** Whether the hash is the one that this line must have behind {@code previous}. */
  boolean follows(ContentHash previous) {
    return hash.equals(hash(previous, number, at, event));
  }

  /**
   * SHA-256 over {@code "tacit-audit-1" || previous || number || milliseconds since 1970 || texts},
   * integers of 8 bytes, each text with its UTF-8 length in 4 bytes before it, big-endian: no two
   * lines are the same bytes.
   */
  private static ContentHash hash(ContentHash previous, long number, Instant at, AuditEvent event) {
    MessageDigest digest = ContentHash.newDigest();
    digest.update(DOMAIN);
    digest.update(previous.toBytes());
    digest.update(ByteBuffer.allocate(16).putLong(number).putLong(at.toEpochMilli()).flip());
    update(digest, event.subject());
    update(digest, event.authentication());
    update(digest, event.remoteAddress());
    update(digest, event.action());
    update(digest, event.target());
    update(digest, event.outcome());
    return ContentHash.fromDigest(digest.digest());
  }

  private static void update(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    digest.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
    digest.update(bytes);
  }
}
