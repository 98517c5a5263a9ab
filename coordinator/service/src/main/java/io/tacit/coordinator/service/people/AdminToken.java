package io.tacit.coordinator.service.people;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quarkus.runtime.Startup;
import io.tacit.coordinator.audit.AuditEvent;
import io.tacit.coordinator.audit.AuditLog;
import io.tacit.protocol.ContentHash;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.PrintStream;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The token of the one administrator of a coordinator without an issuer.
 *
 * <p>Guarantee: the token is printed once, when it is made, and kept nowhere; what is kept is its
 * SHA-256, from which 256 random bits can not be found. Assumes: who starts the coordinator reads
 * its standard output, and nobody else does.
 */
@Startup
@Singleton
class AdminToken {

  /** How a token begins, so that people and scanners of leaked secrets know one. */
  private static final String PREFIX = "tacit-admin-";

  private static final int SECRET_BYTES = 32;

  private final AdminTokenFile file;
  private final AuditLog audit;
  private final PrintStream out;

  /** Null if an issuer vouches for people. */
  private final @Nullable ContentHash hash;

  @Inject
  AdminToken(PeopleConfiguration people, AdminTokenFile file, AuditLog audit) {
    this(people, file, audit, new SecureRandom(), System.out);
  }

  AdminToken(
      PeopleConfiguration people,
      AdminTokenFile file,
      AuditLog audit,
      SecureRandom random,
      PrintStream out) {
    this.file = file;
    this.audit = audit;
    this.out = out;
    if (people.issuer().isPresent()) {
      this.hash = null;
    } else if (people.adminTokenHash().isPresent()) {
      this.hash = given(people.adminTokenHash().get());
    } else {
      this.hash = people.newAdminToken() ? make(random) : file.read().orElseGet(() -> make(random));
    }
  }

  private static ContentHash given(String hex) {
    try {
      return ContentHash.fromHex(hex);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "tacit.people.admin-token-hash has "
              + hex.length()
              + " characters, must be 64 hex digits: the SHA-256 of the token, not the token",
          e);
    }
  }

  /** Printed last, so that a token that somebody saw is one that works. */
  private ContentHash make(SecureRandom random) {
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    String token = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    ContentHash made = hash(token);
    file.write(made);
    audit.append(
        new AuditEvent(
            "coordinator",
            "its data directory",
            "this machine",
            "make a new admin token",
            "",
            "done"));
    out.println("Admin token, printed only now (tacit reads it from TACIT_TOKEN): " + token);
    out.flush();
    return made;
  }

  /** Whether tokens are accepted at all. */
  boolean isInForce() {
    return hash != null;
  }

  /** Whether this is the token; takes the same time for every text of the same length. */
  boolean matches(String token) {
    return hash != null && MessageDigest.isEqual(hash.toBytes(), hash(token).toBytes());
  }

  private static ContentHash hash(String token) {
    return ContentHash.of(token.getBytes(UTF_8));
  }
}
