package io.tacit.client.deeplearning4j;

import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * What native code keeps for the thread of a training, from its begin to its end: the number of
 * OpenMP threads (OpenBLAS follows it) and ND4J's workspaces.
 */
final class NativeThread implements AutoCloseable {

  private final NativeOps operations;
  private final int threadsBefore;

  private NativeThread(NativeOps operations, int threadsBefore) {
    this.operations = operations;
    this.threadsBefore = threadsBefore;
  }

  /**
   * Prepares the calling thread.
   *
   * @throws IllegalStateException if the native libraries of this platform are not there
   */
  static NativeThread enter(int openMpThreads) {
    NativeOps operations = NativeOpsHolder.getInstance().getDeviceNativeOps();
    NativeThread thread = new NativeThread(operations, operations.ompGetMaxThreads());
    operations.setOmpNumThreads(openMpThreads);
    return thread;
  }

  @Override
  public void close() {
    Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
    operations.setOmpNumThreads(threadsBefore);
  }
}
