package io.tacit.client.deeplearning4j;

import java.util.List;
import java.util.Set;
import org.bytedeco.javacpp.Loader;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.MemoryWorkspaceManager;
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
  private final Set<String> workspacesBefore;

  private NativeThread(NativeOps operations) {
    this.operations = operations;
    this.threadsBefore = operations.ompGetMaxThreads();
    this.workspacesBefore =
        Set.copyOf(Nd4j.getWorkspaceManager().getAllWorkspacesIdsForCurrentThread());
  }

  /**
   * Prepares the calling thread.
   *
   * @throws IllegalStateException if the native libraries of this platform are not there
   */
  static NativeThread enter(int openMpThreads) {
    NativeOps operations = operations();
    NativeThread thread = new NativeThread(operations);
    operations.setOmpNumThreads(openMpThreads);
    return thread;
  }

  private static NativeOps operations() {
    try {
      // Finds the backend; without it the holder of its operations can not be initialised.
      Nd4j.getBackend();
      return NativeOpsHolder.getInstance().getDeviceNativeOps();
    } catch (LinkageError e) {
      throw new IllegalStateException(
          "ND4J can not load its native libraries for "
              + Loader.getPlatform()
              + "; put nd4j-native, openblas and javacpp with that classifier on the class path",
          e);
    }
  }

  // One by one: to destroy all at once would hit those of the app, and run the garbage collector.
  @Override
  public void close() {
    MemoryWorkspaceManager workspaces = Nd4j.getWorkspaceManager();
    for (MemoryWorkspace workspace : List.copyOf(workspaces.getAllWorkspacesForCurrentThread())) {
      if (!workspacesBefore.contains(workspace.getId())) {
        workspaces.destroyWorkspace(workspace);
      }
    }
    operations.setOmpNumThreads(threadsBefore);
  }
}
