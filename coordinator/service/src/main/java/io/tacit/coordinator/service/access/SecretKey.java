package io.tacit.coordinator.service.access;

import io.tacit.protocol.crypto.Transcript;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * 32 secret bytes, and the HMAC-SHA256 (RFC 2104) under them.
 *
 * <p>Guarantee: never printed; what is authenticated under one label is of no use under another.
 * Thread-safe.
 */
public final class SecretKey {

  /** Length of a key and of an authentication code in bytes. */
  public static final int LENGTH = 32;

  private static final String ALGORITHM = "HmacSHA256";

  private final byte[] bytes;
  private final ThreadLocal<Mac> macs;

  private SecretKey(byte[] bytes) {
    this.bytes = bytes;
    SecretKeySpec secret = new SecretKeySpec(bytes, ALGORITHM);
    this.macs = ThreadLocal.withInitial(() -> newMac(secret));
  }

  /**
   * The key of these bytes.
   *
   * @throws IllegalArgumentException if they are not 32
   */
  public static SecretKey of(byte[] bytes) {
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException(
          "secret key has " + bytes.length + " bytes, must have exactly " + LENGTH);
    }
    return new SecretKey(bytes.clone());
  }

  /** A new key that is kept nowhere. */
  public static SecretKey generate(SecureRandom random) {
    byte[] bytes = new byte[LENGTH];
    random.nextBytes(bytes);
    return new SecretKey(bytes);
  }

  /**
   * The key of a file, which is made on first use and readable by its owner alone.
   *
   * @throws UncheckedIOException if it can not be made or read, or has another length
   */
  public static SecretKey openOrCreate(Path file, SecureRandom random) {
    try {
      try {
        writeNew(file, random);
      } catch (FileAlreadyExistsException e) {
        // From an earlier start.
      }
      byte[] bytes = Files.readAllBytes(file);
      if (bytes.length != LENGTH) {
        throw new IOException(
            "key file "
                + file
                + " has "
                + bytes.length
                + " bytes, must have "
                + LENGTH
                + "; delete it, and another is made: what the old one vouched for is void");
      }
      return new SecretKey(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private static void writeNew(Path file, SecureRandom random) throws IOException {
    FileAttribute<?>[] ownerOnly =
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    byte[] bytes = new byte[LENGTH];
    random.nextBytes(bytes);
    try (FileChannel channel =
        FileChannel.open(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly)) {
      channel.write(ByteBuffer.wrap(bytes));
      channel.force(true);
    }
  }

  /** A copy of the bytes, for who needs them as another kind of key. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  /** The code of these bytes, for one use of them. */
  byte[] authenticate(String label, byte[] message) {
    return macs.get().doFinal(Transcript.info(label, message));
  }

  private static Mac newMac(SecretKeySpec secret) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(secret);
      return mac;
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has " + ALGORITHM, e);
    }
  }

  @Override
  public String toString() {
    return "SecretKey[" + LENGTH + " bytes]";
  }
}
