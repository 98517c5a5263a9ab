package io.tacit.client.deeplearning4j;

import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * The native memory of an engine's trainings, shared out before it is used: ND4J does not count its
 * own buffers, so nothing but the whole process's limit would stop too many trainings at once.
 */
final class NativeMemory {

  /** What the process needs beside heap and networks: libraries, threads, class metadata. */
  private static final long PROCESS_BASE_BYTES = 768L << 20;

  private static final long UNIT_BYTES = 1024;

  private final long bytesMax;
  private final Semaphore units;

  NativeMemory(long bytesMax) {
    this.bytesMax = bytesMax;
    this.units = new Semaphore((int) (bytesMax / UNIT_BYTES), true);
  }

  /** Part of the memory, until it is closed. */
  interface Share extends AutoCloseable {
    @Override
    void close();
  }

  /** Why there will never be so much memory, if that is so. */
  Optional<String> refusal(long bytes) {
    return bytes <= bytesMax
        ? Optional.empty()
        : Optional.of(
            "the training needs about "
                + bytes
                + " bytes of native memory, nativeBytesMax is "
                + bytesMax
                + "; raise it, lower the batch size, or use the portable engine");
  }

  /**
   * Takes a part of the memory; waits until there is enough.
   *
   * @throws IllegalArgumentException if there never will be
   */
  Share reserve(long bytes) {
    Optional<String> refusal = refusal(bytes);
    if (refusal.isPresent()) {
      throw new IllegalArgumentException(refusal.get());
    }
    int needed = (int) ((bytes + UNIT_BYTES - 1) / UNIT_BYTES);
    units.acquireUninterruptibly(needed);
    return () -> units.release(needed);
  }

  /**
   * Sets JavaCPP's limits of the process where nobody has. It reads them once, when its first class
   * is loaded.
   */
  static void limitProcess(long bytesMax) {
    setIfAbsent("org.bytedeco.javacpp.maxbytes", bytesMax);
    // Counts the resident memory of the process, Java heap included.
    setIfAbsent(
        "org.bytedeco.javacpp.maxphysicalbytes",
        Runtime.getRuntime().maxMemory() + bytesMax + PROCESS_BASE_BYTES);
  }

  private static void setIfAbsent(String property, long bytes) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, Long.toString(bytes));
    }
  }
}
